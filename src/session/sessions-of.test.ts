import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneMore, people, request } from '../../test/people.ts'
import { endAllOf } from '../user/epoch.ts'
import { createSession, endSession, readSession } from './session.ts'
import { listKey } from './session-list.ts'
import { sessionOfHandle, sessionsOf } from './sessions-of.ts'
import { signIn } from './sign-in.ts'

const all = await people()
const { alpha, root, admin, clock } = all
const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'

test('a user’s live sessions are listed, the newest first, with device, address and times, and no token', async () => {
  const demo = await oneMore(all)
  const http = request('POST', '/', { 'user-agent': agent }, '', { peer: '203.0.113.9' })
  const { session } = await signIn(alpha, http, demo, 'Login')
  clock.now += 60
  const second = await createSession(alpha, demo, 'Password')
  await createSession(root, admin, 'Login')
  const listed = await sessionsOf(alpha, demo.sub)
  assert.deepEqual(
    listed.map(({ sid }) => sid),
    [second.sid, session.sid],
  )
  const { device, address, created, last_access, handle } = listed[1] ?? assert.fail()
  assert.deepEqual([device, address], ['Firefox, Linux', '203.0.113.9'])
  assert.deepEqual([created, last_access], [clock.now - 60, clock.now - 60])
  assert.match(handle, /^shandle:[\w-]{22}$/)
  const text = JSON.stringify(listed)
  assert.ok(!text.includes(session.token) && !text.includes(session.key.toString('base64url')))
})

test('a handle names a session in whichever realm, and opens none', async () => {
  const demo = await oneMore(all)
  const session = await createSession(alpha, demo, 'Login')
  const [listed] = await sessionsOf(alpha, demo.sub)
  const { handle } = listed ?? assert.fail()
  for (const asked of [alpha, root]) {
    const found = await sessionOfHandle(asked, handle)
    assert.equal(found?.session.token, session.token)
    assert.equal(found?.home.path, '/alpha')
  }
  for (const token of [handle, handle.slice('shandle:'.length)])
    assert.equal(await readSession(alpha, token), undefined)
  for (const wrong of ['', 'shandle:', session.sid, session.token, `shandle:${'A'.repeat(22)}`])
    assert.equal(await sessionOfHandle(alpha, wrong), undefined)
})

test('what is over is not listed: ended, unused for too long, at its end, or by the user’s counter', async () => {
  const demo = await oneMore(all)
  const begin = () => createSession(alpha, demo, 'Login')
  const count = async (): Promise<number> => (await sessionsOf(alpha, demo.sub)).length
  const [ended] = [await begin(), await begin()]
  assert.equal(await endSession(alpha, ended), true)
  assert.equal(await alpha.records.get(listKey(alpha, demo.sub, ended.key)), undefined)
  assert.equal(await count(), 1)
  await endAllOf(alpha, demo.sub)
  assert.equal(await count(), 0)
  const user = await oneMore(all)
  const other = await createSession(alpha, user, 'Login')
  assert.equal((await sessionsOf(alpha, user.sub)).length, 1)
  await alpha.records.delete(`${other.key.toString('hex')}s`)
  assert.deepEqual(await sessionsOf(alpha, user.sub), [])
  clock.now += alpha.provider.sessionIdleTime * 60
  assert.equal(await count(), 0)
})

test('a list entry leads to nothing but a session of its user: one that was put there by hand is passed over', async () => {
  const demo = await oneMore(all)
  const other = await oneMore(all)
  const session = await createSession(alpha, demo, 'Login')
  await alpha.records.insert(
    listKey(alpha, other.sub, session.key),
    Buffer.from('{}'),
    session.max_by,
  )
  assert.deepEqual(await sessionsOf(alpha, other.sub), [])
})

test('a session from before there were lists goes on without being listed', async () => {
  const demo = await oneMore(all)
  const session = await createSession(alpha, demo, 'Login')
  await alpha.records.delete(listKey(alpha, demo.sub, session.key))
  assert.deepEqual(await sessionsOf(alpha, demo.sub), [])
  assert.ok(await readSession(alpha, session.token))
  assert.equal(await endSession(alpha, session), true)
})

test('of very many sessions a hundred are listed, the newest', async () => {
  const demo = await oneMore(all)
  const made: string[] = []
  for (let i = 0; i < 110; i += 1) {
    clock.now += 1
    made.unshift((await createSession(alpha, demo, 'Login')).sid)
  }
  const listed = await sessionsOf(alpha, demo.sub)
  assert.deepEqual(
    listed.map(({ sid }) => sid),
    made.slice(0, 100),
  )
})
