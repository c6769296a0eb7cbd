import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { never } from '../store/store.ts'
import { userFolder } from '../user/account/key.ts'
import { epochFor } from '../user/counters.ts'
import type { EndUser } from '../user/end-user.ts'
import { changeEndUser, findEndUser } from '../user/end-user.ts'
import { endAllOf, withdrawApplication } from '../user/epoch.ts'
import { createSession, readSession } from './session.ts'

const { alpha, demo } = await people()
const current = async (): Promise<EndUser> => (await findEndUser(alpha, demo.sub)) ?? assert.fail()

test('C-37 the number of a user and an application rises with either counter, and with no other', async () => {
  const seen = [epochFor(await current(), 'one')]
  const other = epochFor(await current(), 'other')
  await withdrawApplication(alpha, demo.sub, 'one')
  seen.push(epochFor(await current(), 'one'))
  assert.equal(epochFor(await current(), 'other'), other)
  await endAllOf(alpha, demo.sub)
  seen.push(epochFor(await current(), 'one'))
  assert.ok(epochFor(await current(), 'other') > other)
  await changeEndUser(alpha, demo.sub, { password: '' })
  seen.push(epochFor(await current(), 'one'))
  assert.deepEqual(
    seen,
    [...new Set(seen)].sort((a, b) => a - b),
  )
  const before = epochFor(await current(), 'one')
  await changeEndUser(alpha, demo.sub, { status: 'Active', attributes: {}, roles: [] })
  assert.equal(epochFor(await current(), 'one'), before)
})

test('C-37 an application may be called like a member every object has', async () => {
  for (const client_id of ['__proto__', 'constructor', 'toString', '']) {
    const before = epochFor(await current(), client_id)
    assert.equal(await withdrawApplication(alpha, demo.sub, client_id), true)
    assert.equal(epochFor(await current(), client_id), before + 1)
  }
})

test('C-37 of several that are ended at once each is counted', async () => {
  const before = epochFor(await current(), 'one')
  await Promise.all([
    endAllOf(alpha, demo.sub),
    withdrawApplication(alpha, demo.sub, 'one'),
    changeEndUser(alpha, demo.sub, { password: 'another' }),
  ])
  assert.equal(epochFor(await current(), 'one'), before + 3)
})

test('nothing of nobody is ended', async () => {
  const nobody = '00000000-0000-4000-8000-000000000000'
  assert.equal(await endAllOf(alpha, nobody), false)
  assert.equal(await withdrawApplication(alpha, nobody, 'one'), false)
})

test('C-37 a session that began before its user’s sessions were ended is over, a later one is not', async () => {
  const before = await createSession(alpha, await current(), 'Login')
  await withdrawApplication(alpha, demo.sub, 'one')
  assert.ok(await readSession(alpha, before.token))
  await endAllOf(alpha, demo.sub)
  assert.equal(await readSession(alpha, before.token), undefined)
  const after = await createSession(alpha, await current(), 'Login')
  assert.ok(await readSession(alpha, after.token))
})

test('C-37 an account and a session from before there were counters go on until one is raised', async () => {
  const { alpha: realm, demo: user } = await people()
  const { epoch, withdrawn, ...old } = user
  assert.deepEqual([epoch, withdrawn], [0, {}])
  const key = `${userFolder(realm)}/${user.sub}`
  await realm.settings.delete(key)
  await realm.settings.insert(key, Buffer.from(JSON.stringify(old)), never)
  assert.deepEqual(await findEndUser(realm, user.sub), user)
  const session = await createSession(realm, user, 'Login')
  const stored = `${session.key.toString('hex')}s`
  const { value, version } = (await realm.records.get(stored)) ?? assert.fail()
  const { epoch: _, ...record } = JSON.parse(value.toString()) as Record<string, unknown>
  await realm.records.replace(stored, version, Buffer.from(JSON.stringify(record)), session.max_by)
  assert.equal((await readSession(realm, session.token))?.sub, user.sub)
  assert.equal(await endAllOf(realm, user.sub), true)
  assert.equal(await readSession(realm, session.token), undefined)
})
