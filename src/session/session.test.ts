import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { people, start } from '../../test/people.ts'
import { base64url } from '../base/bytes.ts'
import type { Realm } from '../realm/realm.ts'
import { StoreUnavailable } from '../store/store.ts'
import { changeEndUser } from '../user/end-user.ts'
import type { Session } from './session.ts'
import { createSession, endSession, readSession, rootSessions, touchSession } from './session.ts'

test('PingAM: sessions last 120 minutes, or 30 without use', async () => {
  const { alpha, demo, clock } = await people()
  const session = await createSession(alpha, demo, 'Login')
  const live = async () => (await readSession(alpha, session.token)) !== undefined
  clock.now = start + 30 * 60 - 1
  assert.equal(await live(), true)
  clock.now = start + 30 * 60
  assert.equal(await live(), false)

  const used = await createSession(alpha, demo, 'Login')
  const begun = clock.now
  for (let minute = 0; minute < 119; minute++) {
    clock.now = begun + minute * 60
    const current = await readSession(alpha, used.token)
    assert.ok(current, `minute ${minute}`)
    await touchSession(alpha, current)
  }
  clock.now = begun + 120 * 60 - 1
  assert.ok(await readSession(alpha, used.token))
  clock.now = begun + 120 * 60
  assert.equal(await readSession(alpha, used.token), undefined)
})

test('PingAM: the settings of the realm say how long, in minutes', async () => {
  const { alpha, demo, clock } = await people({ sessionMaxTime: 3, sessionIdleTime: 1 })
  const session = await createSession(alpha, demo, 'Login')
  assert.deepEqual([session.max_by, session.idle], [start + 180, 60])
  clock.now = start + 60
  assert.equal(await readSession(alpha, session.token), undefined)
})

test('use is written at most once a minute', async () => {
  const { alpha, demo, clock } = await people()
  const session = await createSession(alpha, demo, 'Login')
  const stamps = new Set<number>([await alpha.records.changeCount()])
  for (let second = 1; second <= 180; second++) {
    clock.now = start + second
    const current = await readSession(alpha, session.token)
    assert.ok(current)
    await touchSession(alpha, current)
    stamps.add(await alpha.records.changeCount())
  }
  assert.equal(stamps.size, 4)
  assert.equal((await readSession(alpha, session.token))?.last_access, start + 180)
})

test('an ended session is gone, and ends once', async () => {
  const { alpha, demo } = await people()
  const session = await createSession(alpha, demo, 'Login')
  assert.equal(await endSession(alpha, session), true)
  assert.equal(await endSession(alpha, session), false)
  assert.equal(await readSession(alpha, session.token), undefined)
  await touchSession(alpha, { ...session, last_access: 0 })
  assert.equal(await readSession(alpha, session.token), undefined)
})

test('T-1 a session whose drawn key is taken draws again, and after five times says to come back (503)', async () => {
  const { alpha, demo } = await people()
  let draws = 0
  const drawing = (taken: number): Realm => ({
    ...alpha,
    random: (size) => Buffer.alloc(size, draws++ < taken ? 0 : draws),
  })
  await createSession(drawing(1), demo, 'Login')
  draws = 0
  assert.ok(await readSession(alpha, (await createSession(drawing(4), demo, 'Login')).token))
  assert.equal(draws, 5)
  draws = 0
  await assert.rejects(createSession(drawing(100), demo, 'Login'), StoreUnavailable)
  assert.equal(draws, 5)
})

test('B-12 the session of a user made inactive is over, also when the user is active again', async () => {
  const { alpha, demo } = await people()
  const { token } = await createSession(alpha, demo, 'Login')
  await changeEndUser(alpha, demo.sub, { status: 'Inactive' })
  assert.equal(await readSession(alpha, token), undefined)
  await changeEndUser(alpha, demo.sub, { status: 'Active' })
  assert.equal(await readSession(alpha, token), undefined)
})

test('C-19 a session belongs to one realm; root’s can be asked about from any', async () => {
  const { alpha, root, demo, admin } = await people()
  const own = await createSession(alpha, demo, 'Login')
  const above = await createSession(root, admin, 'Login')
  assert.equal(await readSession(root, own.token), undefined)
  assert.equal(await readSession(alpha, above.token), undefined)
  assert.equal((await readSession(rootSessions(alpha), above.token))?.username, 'amadmin')
  assert.equal(await readSession(rootSessions(alpha), own.token), undefined)
})

test('P-7 P-16 a token is no key of the store, and what was not made here costs no read', async () => {
  const { alpha, demo } = await people()
  const session = await createSession(alpha, demo, 'Login')
  let reads = 0
  const watched: Realm = {
    ...alpha,
    records: {
      ...alpha.records,
      get(key) {
        reads++
        return alpha.records.get(key)
      },
    },
  }
  const raw = Buffer.from(session.token, 'base64url')
  for (let bit = 0; bit < 256; bit++) {
    const forged = Buffer.from(raw)
    forged[bit >> 3] = (forged[bit >> 3] as number) ^ (1 << (bit & 7))
    assert.equal(await readSession(watched, base64url(forged)), undefined)
  }
  const others = ['', 'x', session.key.toString('hex'), `${session.token}=`, `${session.token}A`]
  for (const token of [...others, base64url(session.key), session.sid, '\0'.repeat(43)]) {
    assert.equal(await readSession(watched, token), undefined)
  }
  const elsewhere = await createSession(
    { ...watched, path: '/bravo', identity: '/bravo' },
    demo,
    'Login',
  )
  assert.equal(await readSession(watched, elsewhere.token), undefined)
  assert.equal(reads, 0)
  assert.ok(await readSession(watched, session.token))
  assert.equal(reads, 1)
})

test('tokens survive a new handle key as long as the old one is kept', async () => {
  const { alpha, demo } = await people()
  const { token } = await createSession(alpha, demo, 'Login')
  const key = { version: 2, key: createSecretKey(Buffer.alloc(32, 8)) }
  const overlap: Realm = { ...alpha, handleKeys: [key, ...alpha.handleKeys] }
  assert.ok(await readSession(overlap, token))
  assert.equal(await readSession({ ...alpha, handleKeys: [key] }, token), undefined)
  const later = await createSession(overlap, demo, 'Login')
  assert.ok(await readSession({ ...alpha, handleKeys: [key] }, later.token))
})

test('neither token nor key of a session stands in the store’s values', async () => {
  const { alpha, demo, clock } = await people()
  const { token, key } = await createSession(alpha, demo, 'Login')
  const value = async () => String((await alpha.records.get(`${key.toString('hex')}s`))?.value)
  const before = await value()
  clock.now = start + 100
  await touchSession(alpha, (await readSession(alpha, token)) as Session)
  const after = await value()
  assert.deepEqual(Object.keys(JSON.parse(after)), Object.keys(JSON.parse(before)))
  for (const text of [before, after]) {
    assert.equal(text.includes(token), false)
    assert.doesNotMatch(text, /"(key|version)"/)
  }
})
