import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../../test/world.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser } from '../../user/end-user.ts'
import { changeDevices, devicesOf } from '../../user/factor/device.ts'
import { note, noteOf } from '../../user/notes.ts'
import { userKind } from '../user.ts'
import { applyDocument } from './apply.ts'
import { exportDocument } from './export/export.ts'

const passphrase = 'a phrase for this test'
const references = { env: () => undefined, file: () => '' }
const device = { uuid: 'u1', deviceName: 'Phone', sharedSecret: 'JBSWY3DPEHPK3PXP', counter: 4 }
const preferences = { updates: true }
const kbaInfo = [{ questionId: '1', answer: { value: 'hashed' } }]

test('config: an export has second factors and notes of people among its sealed secrets, and gives them to accounts that have none', async () => {
  const w = await world()
  const { sub } = w.demo
  const realm = await w.realm()
  await changeDevices(realm, sub, 'oath', () => [device])
  await note(realm, sub, () => ({ preferences, kbaInfo }))
  const all = await w.realm('/')
  const document = await exportDocument(all, { realm: '/alpha', passphrase })
  const plain = JSON.stringify(await exportDocument(all, { realm: '/alpha' }))
  for (const text of [plain, JSON.stringify(document)])
    for (const secret of ['JBSWY3DPEHPK3PXP', 'preferences', 'kbaInfo', 'Phone'])
      assert.equal(text.includes(secret), false, secret)
  const other = await world()
  const theirs = await other.realm()
  const change = { by: 'test', condition: { obstacle: () => undefined, strict: false } }
  await userKind.remove(theirs, other.demo.sub, change)
  const root = await other.realm('/')
  const apply = () =>
    applyDocument(root, [{ file: '', document }], { by: 'test', references, passphrase })
  assert.equal((await apply()).outcome, 'applied')
  const back = (await findEndUser(theirs, sub)) as EndUser
  assert.deepEqual(devicesOf(back, 'oath'), [device])
  assert.deepEqual([noteOf(back, 'preferences'), noteOf(back, 'kbaInfo')], [preferences, kbaInfo])
  // What was used since is newer than what was saved.
  await changeDevices(theirs, sub, 'oath', () => [{ ...device, counter: 9 }])
  assert.equal((await apply()).outcome, 'applied')
  const later = (await findEndUser(theirs, sub)) as EndUser
  assert.deepEqual(devicesOf(later, 'oath'), [{ ...device, counter: 9 }])
})

test('config: nobody but a file or command hands over factors and notes, and what has not their shape is refused', async () => {
  const realm = await (await world()).realm()
  const change = { by: 'test', condition: { obstacle: () => undefined, strict: false } }
  for (const input of [{ devices: { oath: [device] } }, { notes: { preferences } }]) {
    const saved = await userKind.save(realm, 'new', { username: 'new', ...input }, change)
    assert.equal(saved.outcome, 'unknown')
  }
  for (const input of [{ devices: { oath: [{}] } }, { devices: [] }, { notes: { kbaInfo: 1 } }]) {
    const trusted = { ...change, trusted: true } as const
    const saved = await userKind.save(realm, 'new', { username: 'new', ...input }, trusted)
    assert.equal(saved.outcome, 'invalid', JSON.stringify(input))
  }
})
