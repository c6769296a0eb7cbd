import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller } from '../../../test/administrator.ts'
import type { Browser } from '../../../test/browser.ts'
import { browser } from '../../../test/browser.ts'
import { person } from '../../../test/flow.ts'
import { call, of, remembered, withRemembering } from '../../../test/remembered.ts'
import { origin, world } from '../../../test/world.ts'
import { anyState } from '../../config/kind.ts'
import { sessionKind } from '../../config/session.ts'
import { readSession } from '../../session/session.ts'
import { handleOfSession } from '../../session/sessions-of.ts'

const w = await world()
await withRemembering(w)
const { call: ofAdministrator } = await caller(w, '/alpha', ['admin'])
const sessions = `${origin}/am/json/realms/root/realms/alpha/sessions?_action=`
const rest = { 'accept-api-version': 'resource=4.0', 'content-type': 'application/json' }

/** Whether a browser that has nothing but its persistent cookie is let in; the session that it gets. */
async function letIn(b: Browser): Promise<string | undefined> {
  b.cookies.delete('iPlanetDirectoryPro')
  return (await call(b, of('Remembers'))).tokenId as string | undefined
}

async function handleOf(token: string): Promise<string> {
  const session = await readSession(await w.realm(), token)
  assert.ok(session !== undefined)
  return handleOfSession(session)
}

const ways: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
  'whoever has its token': (token) =>
    browser(w).post(`${sessions}logout`, JSON.stringify({ tokenId: token }), rest),
  'an administrator, by its handle': async (token) =>
    ofAdministrator(
      'POST',
      '/sessions?_action=logoutByHandle',
      { sessionHandles: [await handleOf(token)] },
      { 'accept-api-version': 'resource=5.1' },
    ),
  'its user, in a list': async (token) =>
    sessionKind.remove(await w.realm(), await handleOf(token), { by: 'x', condition: anyState }),
}

for (const [who, end] of Object.entries(ways)) {
  test(`a session that ${who} ends from elsewhere ends the persistent cookie that came of it, and no other one`, async () => {
    const [b, other] = [await remembered(w), await remembered(w)]
    const copy = browser(w)
    copy.cookies.set('session-jwt', b.cookies.get('session-jwt') ?? '')
    await end(b.before)
    assert.equal(await readSession(await w.realm(), b.before), undefined)
    assert.deepEqual([await letIn(b), await letIn(copy)], [undefined, undefined])
    assert.ok(await letIn(other))
  })

  test(`a session that came of a persistent cookie, and that ${who} ends, ends it in all its renewals`, async () => {
    const b = await remembered(w)
    const first = b.cookies.get('session-jwt') ?? ''
    const token = await letIn(b)
    assert.ok(token !== undefined && b.cookies.get('session-jwt') !== first)
    await end(token)
    assert.equal(await letIn(b), undefined)
    b.cookies.set('session-jwt', first)
    assert.equal(await letIn(b), undefined)
  })
}

test('a session that ends by itself, or is replaced by a login of the same user, leaves the persistent cookie', async () => {
  const b = await remembered(w)
  const token = await letIn(b)
  assert.ok(token !== undefined)
  const replaced = await b.logIn()
  assert.equal(await readSession(await w.realm(), token), undefined)
  assert.ok(await letIn(b))
  b.cookies.set('iPlanetDirectoryPro', replaced)
  w.clock.now += 4 * 3600
  assert.equal(await readSession(await w.realm(), replaced), undefined)
  assert.ok(await letIn(b))
})

test('the session that a login made in place of one that came of a persistent cookie ends that too', async () => {
  const b = await remembered(w)
  await letIn(b)
  const token = await b.logIn()
  await ways['whoever has its token']?.(token)
  assert.equal(await letIn(b), undefined)
})

test('a session of whoever has no persistent cookie is ended as before, by two deletions', async () => {
  const { session } = await person(w)
  const before = await w.records.changeCount()
  await ways['whoever has its token']?.(session.token)
  assert.equal(await w.records.changeCount(), before + 2)
})

test('PingAM: who logs out in their browser leaves no persistent cookie there, and none that was copied from it', async () => {
  const b = await remembered(w)
  const copy = b.cookies.get('session-jwt') ?? ''
  b.cookies.set('iPlanetDirectoryPro', b.before)
  await b.post(`${sessions}logout`, '', rest)
  assert.ok(!b.cookies.has('session-jwt'))
  b.cookies.set('session-jwt', copy)
  assert.equal(await letIn(b), undefined)
})
