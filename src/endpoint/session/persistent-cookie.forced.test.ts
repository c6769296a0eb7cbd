import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser, fieldsOf } from '../../../test/browser.ts'
import { actionOf } from '../../../test/form-browser.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'
import { failure, success } from '../../journey/built-in/journey.ts'
import { touchRealm } from '../../realm/touch.ts'

const w = await world()
const asked = ['UsernameCollectorNode', 'PasswordCollectorNode']
const remembers = {
  known: { type: 'PersistentCookieDecisionNode', to: { true: success, false: 'page' } },
  page: {
    type: 'PageNode',
    settings: { nodes: asked.map((nodeType, i) => ({ _id: `asked${i}`, nodeType })) },
    to: { outcome: 'check' },
  },
  ...Object.fromEntries(asked.map((type, i) => [`asked${i}`, { type, to: {} }])),
  check: { type: 'DataStoreDecisionNode', to: { true: 'set', false: failure } },
  set: { type: 'SetPersistentCookieNode', to: { outcome: success } },
}
const greets = {
  hello: { type: 'MessageNode', to: { true: 'known', false: failure } },
  ...remembers,
}
await withTrees(await w.realm(), { Remembers: tree(remembers), Greets: tree(greets) })
await touchRealm(w.settings, '/alpha')

const rest = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }
const right = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }

/** A call of AM's JSON endpoint, by the browser `b`. */
async function call(b: ReturnType<typeof browser>, query: string, step?: object) {
  const url = `${origin}/am/json/realms/root/realms/alpha/authenticate?${query}`
  return bodyOf(await b.post(url, step === undefined ? '' : JSON.stringify(step), rest))
}
const of = (journey: string, more = '') => `authIndexType=service&authIndexValue=${journey}${more}`

/** A step with its fields filled in. */
function filled(step: Record<string, unknown>, values: readonly unknown[]): object {
  const callbacks = step.callbacks as readonly { readonly input?: readonly object[] }[]
  let at = 0
  const fill = (input: object) => ({ ...input, value: values[at++] })
  return {
    ...step,
    callbacks: callbacks.map((each) => ({ ...each, input: each.input?.map(fill) })),
  }
}

/** A browser that has nothing left of a login but its persistent cookie. */
async function remembered() {
  const b = browser(w)
  const step = await call(b, of('Remembers'))
  const { tokenId } = await call(b, '', filled(step, Object.values(right)))
  assert.ok(tokenId !== undefined && b.cookies.has('session-jwt'))
  b.cookies.delete('iPlanetDirectoryPro')
  return b
}

test('PingAM: ForceAuth asks whoever has a persistent cookie all the same, at the JSON endpoint', async () => {
  const b = await remembered()
  const step = await call(b, of('Remembers', '&ForceAuth=true'))
  assert.equal(step.tokenId, undefined)
  const done = await call(b, '', filled(step, Object.values(right)))
  assert.ok(done.tokenId !== undefined)
  for (const more of ['', '&ForceAuth=false', '&forceAuth=true'])
    assert.ok((await call(await remembered(), of('Remembers', more))).tokenId !== undefined, more)
})

test('PingAM: ForceAuth holds for the whole of the journey that it began, whether or not later calls say it again', async () => {
  const b = await remembered()
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
  const b = await remembered()
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
