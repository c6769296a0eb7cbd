import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldsOf } from '../../../test/browser.ts'
import { actionOf } from '../../../test/form-browser.ts'
import { call, filled, of, remembered, right, withRemembering } from '../../../test/remembered.ts'
import { origin, world } from '../../../test/world.ts'

const w = await world()
await withRemembering(w)

test('PingAM: ForceAuth asks whoever has a persistent cookie all the same, at the JSON endpoint', async () => {
  const b = await remembered(w)
  const step = await call(b, of('Remembers', '&ForceAuth=true'))
  assert.equal(step.tokenId, undefined)
  const done = await call(b, '', filled(step, Object.values(right)))
  assert.ok(done.tokenId !== undefined)
  for (const more of ['', '&ForceAuth=false', '&forceAuth=true'])
    assert.ok((await call(await remembered(w), of('Remembers', more))).tokenId !== undefined, more)
})

test('PingAM: ForceAuth holds for the whole of the journey that it began, whether or not later calls say it again', async () => {
  const b = await remembered(w)
  for (const again of ['', 'ForceAuth=true']) {
    const step = await call(b, of('Greets', '&ForceAuth=true'))
    const next = await call(b, again, filled(step, [0]))
    assert.equal(next.tokenId, undefined)
    assert.equal((next.callbacks as readonly unknown[]).length, 2)
  }
  const step = await call(b, of('Greets'))
  assert.ok((await call(b, '', filled(step, [0]))).tokenId !== undefined)
})

test('PingAM: ForceAuth asks at the login page too, and again after a wrong password', async () => {
  const b = await remembered(w)
  const address = `${origin}/am/XUI/?realm=/alpha&service=Remembers`
  const page = await b.get(`${address}&ForceAuth=true`)
  assert.equal(page.status, 200)
  const send = (from: typeof page, IDToken2: string) =>
    b.post(`${origin}/am/XUI/?${actionOf(from)}`, { ...fieldsOf(from), ...right, IDToken2 })
  const wrong = await send(page, 'wrong')
  assert.equal(wrong.status, 401)
  assert.ok(!b.cookies.has('iPlanetDirectoryPro'))
  await send(wrong, right.IDToken2)
  assert.ok(b.cookies.has('iPlanetDirectoryPro'))
  b.cookies.delete('iPlanetDirectoryPro')
  await b.get(address)
  assert.ok(b.cookies.has('iPlanetDirectoryPro'))
})
