import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneMore, people } from '../../test/people.ts'
import { findEndUser } from '../user/end-user.ts'
import { endSessionsOf } from '../user/epoch.ts'
import { setOwnPassword } from './own-password.ts'
import { createSession, endSession, readSession, touchSession } from './session.ts'

const all = await people()
const { alpha, clock } = all

test('a user who sets another password stays logged in where they did, and nowhere else', async () => {
  for (const passwordChangeEndsGrants of [true, false]) {
    const alpha = { ...all.alpha, provider: { ...all.alpha.provider, passwordChangeEndsGrants } }
    const demo = await oneMore(all)
    const [own, other] = [
      await createSession(alpha, demo, 'Login'),
      await createSession(alpha, demo, 'Login'),
    ]
    assert.equal(await setOwnPassword(alpha, own, 'a hash'), true)
    assert.equal((await findEndUser(alpha, demo.sub))?.password, 'a hash')
    assert.equal(await readSession(alpha, other.token), undefined)
    const kept = (await readSession(alpha, own.token)) ?? assert.fail()
    clock.now += 120
    await touchSession(alpha, kept)
    assert.ok(await readSession(alpha, own.token))
    await endSessionsOf(alpha, demo.sub)
    assert.equal(await readSession(alpha, own.token), undefined)
  }
})

test('with a session that is over nobody sets a password', async () => {
  const demo = await oneMore(all)
  const session = await createSession(alpha, demo, 'Login')
  await endSessionsOf(alpha, demo.sub)
  assert.equal(await setOwnPassword(alpha, session, 'a hash'), false)
  assert.equal((await findEndUser(alpha, demo.sub))?.password, demo.password)
})

test('a session that ends while its password changes does not come back', async () => {
  const demo = await oneMore(all)
  const session = await createSession(alpha, demo, 'Login')
  const { records } = alpha
  let raced: Promise<unknown> | undefined
  const racing = {
    ...alpha,
    records: {
      ...records,
      async get(key: string) {
        raced ??= endSessionsOf(alpha, demo.sub)
        await raced
        return records.get(key)
      },
    },
  }
  assert.equal(await setOwnPassword(racing, session, 'a hash'), true)
  assert.equal(await readSession(alpha, session.token), undefined)
  const own = await createSession(alpha, await oneMore(all), 'Login')
  await endSession(alpha, own)
  assert.equal(await setOwnPassword(alpha, own, 'a hash'), true)
  assert.equal(await readSession(alpha, own.token), undefined)
})

test('of two that set a password at once each ends the other’s session', async () => {
  const demo = await oneMore(all)
  const sessions = [
    await createSession(alpha, demo, 'Login'),
    await createSession(alpha, demo, 'Login'),
  ]
  const set = await Promise.all(sessions.map((each) => setOwnPassword(alpha, each, 'a hash')))
  const live = await Promise.all(sessions.map(async ({ token }) => readSession(alpha, token)))
  assert.deepEqual(set.sort(), [false, true])
  assert.equal(live.filter((each) => each !== undefined).length, 1)
})
