import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administered } from '../../../test/administered.ts'
import { journeys } from '../../../test/journeys.ts'
import { letterBox } from '../../../test/letters.ts'
import { nodeIn } from '../../../test/one-node.ts'
import { oneMore, people } from '../../../test/people.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import { changeEndUser, findEndUser } from '../../user/end-user.ts'
import { endSessionsOf } from '../../user/epoch.ts'
import { devicesOf } from '../../user/factor/device.ts'
import { failure, success } from '../built-in/journey.ts'
import { withCookie } from '../cookie/cookie-at-end.ts'
import type { JourneyState } from '../state.ts'
import { emptyState, identify, putShared } from '../state.ts'

const all = await people()
const { alpha, demo } = all
const box = letterBox()
const ann = await oneMore(all)
const name = (to: string) => ({ type: 'UsernameCollectorNode', to: { outcome: to } })
const found = (to: string) => ({
  type: 'IdentifyExistingUserNode',
  to: { true: to, false: failure },
})
const realm = await withTrees(
  { ...alpha, mail: box.mail },
  {
    Code: tree({
      name: name('draw'),
      draw: { type: 'OneTimePasswordGeneratorNode', to: { outcome: 'send' } },
      send: { type: 'OneTimePasswordSmtpSenderNode', to: { outcome: 'again' } },
      again: name('ask'),
      ask: { type: 'OneTimePasswordCollectorDecisionNode', to: { true: success, false: failure } },
    }),
    Found: tree({ name: name('found'), found: found('again'), again: name(success) }),
  },
)
const at = journeys(realm)
const as = (username: string) => ({ IDToken1: username })
const givenName = async (sub: string) => (await findEndUser(alpha, sub))?.attributes.given_name
const collected = (objectAttributes: Readonly<Record<string, string>>) => ({ objectAttributes })

test('who is identified in place of another has nothing of what that one has shown or was given', () => {
  const cookie = { name: 'c', secure: true, httpOnly: true, sameSite: 'LAX' }
  const typed = { username: 'ann', password: 'p', realm: '/alpha' }
  const before: JourneyState = {
    ...identify(withCookie(emptyState, cookie), demo, 'DataStore'),
    shared: { ...typed, authLevel: 5, oneTimePassword: '1', _id: demo.sub },
    secure: { oathDeviceProfile: {}, webauthnDeviceData: {}, recoveryCodes: ['a'] },
    transient: { objectAttributes: { mail: 'x' }, oneTimePasswordTimestamp: 1 },
    properties: { role: 'boss' },
  }
  const texts = { ...before.atEnd, success: { a: 1 }, failure: { detail: { b: 2 } } }
  const after = identify({ ...before, atEnd: texts }, ann, 'PersistentCookie')
  assert.deepEqual(after, {
    ...{ shared: typed, secure: {}, transient: {}, properties: {} },
    ...{ methods: ['PersistentCookie'], namedThen: 'ann' },
    user: { sub: ann.sub, epoch: ann.epoch },
    atEnd: { failure: { detail: { b: 2 } } },
  })
  const same = identify(before, demo, 'KBA')
  assert.deepEqual(
    [same.methods, same.shared, same.properties, same.atEnd],
    [['DataStore', 'KBA'], before.shared, before.properties, before.atEnd],
  )
  const since = identify(before, { ...demo, epoch: demo.epoch + 1 }, 'KBA')
  assert.deepEqual([since.methods, since.properties], [['KBA'], {}], 'it was changed meanwhile')
})

test('a device that waits to be stored is only of the account that it was made for', async () => {
  const device = { uuid: 'u', deviceName: 'd', recoveryCodes: [] }
  const passkey = { ...device, credentialId: 'AA', key: 'k', signCount: 0 }
  const oath = { ...device, sharedSecret: 'x' }
  for (const [type, waiting, no, yes] of [
    ['OathDeviceStorageNode', { oathDeviceProfile: oath }, 'failureOutcome', 'successOutcome'],
    ['WebAuthnDeviceStorageNode', { webauthnDeviceData: passkey }, 'failure', 'success'],
  ] as const) {
    const [[key, value] = []] = Object.entries(waiting)
    const turn = (sub: string) => ({
      shared: { username: ann.username, [key ?? '']: { ...value, sub } },
    })
    assert.equal(await nodeIn(alpha, type).outcome(turn(demo.sub)), no)
    assert.equal(await nodeIn(alpha, type).outcome(turn(ann.sub)), yes)
  }
  const now = await findEndUser(alpha, ann.sub)
  assert.ok(now !== undefined)
  const [stored, more] = devicesOf(now, 'oath')
  assert.deepEqual([stored, more], [oath, undefined])
  const verify = nodeIn(alpha, 'OathTokenVerifierNode')
  const shared = { username: demo.username, oathDeviceProfile: { ...oath, sub: ann.sub } }
  assert.equal(await verify.outcome({ shared, answers: [['123456'], [0]] }), 'notRegisteredOutcome')
})

test('a one-time password that was drawn for one account is none for another', async () => {
  const code = async (first: string, then: string): Promise<string> => {
    const again = at.asked(await at.answer('Code', as(first)))
    const [letter] = await box.fresh()
    const ask = at.asked(await at.run(again.authId, as(then)))
    return (await at.run(ask.authId, as(letter?.text.slice(-8) ?? ''))).kind
  }
  assert.equal(await code('demo', ann.username), 'failure')
  assert.equal(await code('demo', 'demo'), 'success')
})

test('Patch Object goes by whoever was found, not by a name that is another’s now', async () => {
  const [one, other] = [await oneMore(all), await oneMore(all)]
  const state = identify(putShared(emptyState, { username: other.username }), one)
  const patch = nodeIn(alpha, 'PatchObjectNode')
  assert.equal(await patch.outcome({ state, shared: collected({ givenName: 'New' }) }), 'PATCHED')
  assert.deepEqual([await givenName(one.sub), await givenName(other.sub)], ['New', 'Demo'])
})

test('Patch Object gives nobody back the name by which they were found, and another one that was chosen since', async () => {
  const one = await oneMore(all)
  const state = identify(putShared(emptyState, { username: one.username }), one, 'DataStore')
  const patch = nodeIn(alpha, 'PatchObjectNode')
  const name = async () => (await findEndUser(alpha, one.sub))?.username
  assert.equal(await administered(alpha, one.sub, { username: 'another name' }), 'updated')
  const wanted = (userName: string) => ({ shared: collected({ userName, givenName: 'New' }) })
  assert.equal(await patch.outcome({ state, ...wanted(one.username) }), 'PATCHED')
  assert.deepEqual([await name(), await givenName(one.sub)], ['another name', 'New'])
  const chosen = nodeIn(alpha, 'PatchObjectNode', { identityAttribute: '_id' })
  assert.equal(await chosen.outcome({ state, ...wanted('a third name') }), 'PATCHED')
  assert.equal(await name(), 'a third name')
})

test('whoever was found is nobody any more once the account was ended or deactivated', async () => {
  const ended = await oneMore(all)
  const inactive = await oneMore(all)
  await endSessionsOf(alpha, ended.sub)
  await changeEndUser(alpha, inactive.sub, { status: 'Inactive' })
  const shared = collected({ givenName: 'New' })
  for (const user of [ended, { ...inactive, epoch: inactive.epoch + 1 }]) {
    const state = identify(putShared(emptyState, { username: user.username }), user)
    assert.equal(await nodeIn(alpha, 'PatchObjectNode').outcome({ state, shared }), 'FAILURE')
    for (const type of ['OathRegistrationNode', 'RecoveryCodeCollectorDecisionNode'])
      await assert.rejects(nodeIn(alpha, type).turn({ state, answers: [['x']] }), /nobody’s/)
    assert.equal(await givenName(user.sub), 'Demo')
  }
})

test('what was collected does not choose another account than the one that was proven, or whose session it is', async () => {
  const [one, other] = [await oneMore(all), await oneMore(all)]
  const patch = nodeIn(alpha, 'PatchObjectNode', { ignoredFields: ['userName'] })
  const wanted = (userName: string) => ({ shared: collected({ userName, givenName: 'New' }) })
  const proven = { state: identify(emptyState, one, 'DataStore') }
  const visit = { session: { username: one.username, sub: one.sub } }
  for (const known of [proven, { visit }])
    assert.equal(await patch.outcome({ ...known, ...wanted(other.username) }), 'FAILURE')
  assert.equal(await givenName(other.sub), 'Demo')
  for (const known of [proven, { visit }])
    assert.equal(await patch.outcome({ ...known, ...wanted(one.username) }), 'PATCHED')
})

test('a journey in which one was found without proof, and another one named since, lets in neither', async () => {
  const ends = async (then: string) => {
    const again = at.asked(await at.answer('Found', as('demo')))
    return at.run(again.authId, as(then))
  }
  assert.equal((await ends(ann.username)).kind, 'failure')
  assert.equal((await ends('nobody')).kind, 'failure')
  assert.equal(at.userOf(await ends('DEMO'))?.sub, demo.sub)
})
