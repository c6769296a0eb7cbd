import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeIn } from '../../../../test/one-node.ts'
import { oneMore, people } from '../../../../test/people.ts'
import { keep } from '../../../../test/trees.ts'
import type { JsonObject } from '../../../base/json.ts'
import { findByUsername, findEndUser } from '../../../user/end-user.ts'
import { note, noteOf } from '../../../user/notes.ts'
import { authenticateEndUser } from '../../../user/password.ts'
import { NodeError } from '../../journey.ts'
import { emptyState, identify, putAttribute } from '../../state.ts'

const all = await people()
const { alpha, root, clock } = all
const collected = (objectAttributes: JsonObject) => ({
  shared: { objectAttributes },
})
const asDemo = { shared: { username: 'demo' } }

const decisions: readonly (readonly [
  type: string,
  settings: Readonly<Record<string, string | number>>,
  outcome: string,
])[] = [
  ['AttributePresentDecisionNode', {}, 'true'],
  ['AttributePresentDecisionNode', { presentAttribute: 'givenName' }, 'true'],
  ['AttributePresentDecisionNode', { presentAttribute: 'displayName' }, 'false'],
  ['AttributePresentDecisionNode', { presentAttribute: 'preferences/updates' }, 'false'],
  ...(
    [
      ['givenName', 'true'],
      ['manager', 'false'],
    ] as const
  ).map(
    ([comparisonAttribute, outcome]) =>
      [
        'AttributeValueDecisionNode',
        { comparisonOperation: 'PRESENT', comparisonAttribute },
        outcome,
      ] as const,
  ),
  ['AttributeValueDecisionNode', { comparisonAttribute: 'givenName' }, 'false'],
  [
    'AttributeValueDecisionNode',
    { comparisonAttribute: 'givenName', comparisonValue: 'Demo' },
    'true',
  ],
  ...(
    [
      ['givenName', 'Demo', 'true'],
      ['givenName', 'Other', 'false'],
      ['email_verified', 'true', 'true'],
      ['email_verified', 'TRUE', 'true'],
      ['email_verified', 'yes', 'false'],
      ['password', 'true', 'false'],
    ] as const
  ).map(
    ([comparisonAttribute, comparisonValue, outcome]) =>
      [
        'AttributeValueDecisionNode',
        { comparisonOperation: 'EQUALS', comparisonAttribute, comparisonValue },
        outcome,
      ] as const,
  ),
  ['QueryFilterDecisionNode', { queryFilter: '/mail co "example" and !(/displayName pr)' }, 'true'],
  ['QueryFilterDecisionNode', { queryFilter: 'givenName eq "Other"' }, 'false'],
  ['ProfileCompletenessDecisionNode', { threshold: 10 }, 'true'],
  ['ProfileCompletenessDecisionNode', { threshold: 90 }, 'false'],
]

test('PingAM: decisions about what an account holds', async () => {
  for (const [type, settings, outcome] of decisions) {
    const node = nodeIn(alpha, type, settings)
    assert.equal(await node.outcome(asDemo), outcome, `${type} ${JSON.stringify(settings)}`)
    await assert.rejects(node.turn({ shared: { username: 'nobody' } }), NodeError)
    await assert.rejects(node.turn(), NodeError)
  }
  const broken = nodeIn(alpha, 'QueryFilterDecisionNode', { queryFilter: 'mail likes "x"' })
  await assert.rejects(broken.turn(asDemo), NodeError)
})

test('PingAM: Query Filter Decision takes the filter of the default journey, by preferences', async () => {
  const user = await oneMore(all)
  const queryFilter =
    '!(/preferences pr) or /preferences/marketing eq false or /preferences/updates eq false'
  const node = nodeIn(alpha, 'QueryFilterDecisionNode', { queryFilter })
  const by = { shared: { username: user.username } }
  assert.equal(await node.outcome(by), 'true')
  await note(alpha, user.sub, () => ({ preferences: { marketing: true, updates: true } }))
  assert.equal(await node.outcome(by), 'false')
})

test('PingAM: Required Attributes Present looks at what was collected', async () => {
  const node = nodeIn(alpha, 'RequiredAttributesDecisionNode')
  const most = { givenName: 'A', sn: 'B', mail: 'a@b.example' }
  assert.equal(await node.outcome(collected(most)), 'false')
  assert.equal(await node.outcome(collected({ ...most, userName: 'ab' })), 'true')
})

const ann = { userName: 'ann', givenName: 'Ann', sn: 'Miller', mail: 'ann@example.com' }

test('PingAM: Create Object makes an account of what was collected', async () => {
  const node = nodeIn(alpha, 'CreateObjectNode', { identityResource: 'managed/alpha_user' })
  const termsAccepted = { termsVersion: '1', acceptDate: '2027-01-15T08:00:00Z' }
  const made = await node.turn({
    shared: { objectAttributes: { ...ann, preferences: { updates: true } }, termsAccepted },
    transient: { objectAttributes: { password: 'a good one 1' }, password: 'a good one 1' },
    running: { identityResource: 'managed/alpha_user' },
  })
  assert.ok(made.kind === 'outcome')
  const user = await findByUsername(alpha, 'ann')
  assert.ok(user !== undefined)
  assert.deepEqual(
    [made.outcome, made.state.user, made.state.shared.username, made.state.transient],
    ['CREATED', { sub: user.sub, epoch: 0 }, 'ann', { objectAttributes: {} }],
  )
  assert.deepEqual(
    [noteOf(user, 'termsAccepted'), noteOf(user, 'preferences'), noteOf(user, 'created')],
    [termsAccepted, { updates: true }, clock.now],
  )
  assert.ok(await authenticateEndUser(alpha, 'ann', 'a good one 1', '127.0.0.1'))
})

test('PingAM: Identify Existing User finds by mail address, or does not, or finds several', async () => {
  const node = nodeIn(alpha, 'IdentifyExistingUserNode')
  const found = await node.turn(collected({ mail: 'ANN@example.com' }))
  const user = await findByUsername(alpha, 'ann')
  assert.ok(found.kind === 'outcome' && user !== undefined)
  assert.deepEqual(
    [found.outcome, found.state.shared.username, found.state.shared._id, found.state.user],
    ['true', 'ann', user.sub, { sub: user.sub, epoch: 0 }],
  )
  assert.deepEqual(found.state.methods, [])
  await oneMore(all)
  for (const mail of ['nobody@example.com', 'demo@example.com'])
    assert.equal(await node.outcome(collected({ mail })), 'false', mail)
  assert.equal(await node.outcome(asDemo), 'true')
})

test('PingAM: Identify Existing User leaves the identifier among the attributes, by which later nodes find and patch the account', async () => {
  const user = await oneMore(all)
  const leaves = async (identifier: string) => {
    const node = nodeIn(alpha, 'IdentifyExistingUserNode', {
      ...{ identifier, identityAttribute: 'userName' },
    })
    const found = await node.turn({ shared: { username: user.username } })
    assert.ok(found.kind === 'outcome' && found.outcome === 'true')
    return found.state
  }
  for (const [identifier, attributes] of [
    ['userName', { userName: user.username }],
    ['_id', undefined],
    ['description', undefined],
  ] as const)
    assert.deepEqual((await leaves(identifier)).shared.objectAttributes, attributes, identifier)
  const state = putAttribute(await leaves('userName'), 'shared', 'sn', 'Changed')
  for (const patchAsObject of [true, false]) {
    const patch = nodeIn(alpha, 'PatchObjectNode', { patchAsObject })
    assert.equal(await patch.outcome({ state }), 'PATCHED')
  }
  assert.equal((await findEndUser(alpha, user.sub))?.username, user.username)
})

test('PingAM: Create Object fails where something is missing, taken, refused by a rule, or not for a journey to give', async () => {
  const node = nodeIn(alpha, 'CreateObjectNode')
  const bob = { ...ann, userName: 'bob', mail: 'bob@example.com' }
  const { sn: _, ...less } = bob
  for (const [wrong, why] of [
    [less, 'sn'],
    [{ ...bob, userName: 'DEMO' }, 'taken'],
    [{ ...bob, password: 'short' }, 'short'],
    [{ ...bob, password: 'Password1' }, 'common'],
    [{ ...bob, roles: ['admin'] }, 'roles'],
    [{ ...bob, groups: [] }, 'groups'],
    [{ ...bob, passwordHash: '$argon2id$' }, 'hash'],
    [{ ...bob, shoeSize: '43' }, 'unknown'],
  ] as const)
    assert.equal(await node.outcome(collected(wrong)), 'FAILURE', why)
  assert.equal(await findByUsername(alpha, 'bob'), undefined)
  const of = { running: { identityResource: 'managed/bravo_user' } }
  await assert.rejects(node.turn({ ...collected(bob), ...of }), NodeError)
})

test('PingAM: Patch Object writes what was collected, but what it is to ignore', async () => {
  const user = await oneMore(all)
  const node = nodeIn(alpha, 'PatchObjectNode', { ignoredFields: ['userName'] })
  const wanted = { userName: 'x', givenName: 'New', preferences: { marketing: true } }
  const shared = { objectAttributes: { ...wanted, userName: user.username } }
  assert.equal(await node.outcome({ shared }), 'PATCHED')
  const after = await findEndUser(alpha, user.sub)
  assert.deepEqual(
    [after?.username, after?.attributes.given_name, after && noteOf(after, 'preferences')],
    [user.username, 'New', { marketing: true }],
  )
  assert.equal(await node.outcome({ shared: { username: user.username } }), 'PATCHED')
  assert.equal(await node.outcome({ shared: { username: 'nobody' } }), 'FAILURE')
  assert.equal(await node.outcome(collected({ givenName: 'Nobody' })), 'FAILURE')
})

test('PingAM: Patch Object ignores what stands inside an attribute too, and is about the objects of its tree', async () => {
  const user = await oneMore(all)
  const node = nodeIn(alpha, 'PatchObjectNode', {
    ...{ ignoredFields: ['/preferences/updates', 'givenName', 'sn/none', 'no/such'] },
    identityResource: 'managed/alpha_user',
  })
  const preferences = { marketing: true, updates: true }
  const objectAttributes = { preferences, givenName: 'New', sn: 'Newer' }
  const wanted = { shared: { username: user.username, objectAttributes } }
  const of = (identityResource: string) => ({ ...wanted, running: { identityResource } })
  await assert.rejects(node.turn(of('managed/bravo_user')), NodeError)
  assert.equal(await node.outcome(of('managed/alpha_user')), 'PATCHED')
  const after = await findEndUser(alpha, user.sub)
  assert.deepEqual(
    [
      ...[after?.attributes.given_name, after?.attributes.family_name],
      after && noteOf(after, 'preferences'),
    ],
    [user.attributes.given_name, 'Newer', { marketing: true }],
  )
  const only = { username: user.username, objectAttributes: { preferences: { updates: true } } }
  assert.equal(await node.outcome({ shared: only }), 'PATCHED')
})

test('PingAM: a password that Patch Object writes ends sessions, but not the journey that wrote it', async () => {
  const user = await oneMore(all)
  const node = nodeIn(alpha, 'PatchObjectNode', { patchAsObject: true })
  const before = identify(emptyState, user)
  const found = {
    state: before,
    shared: { username: user.username },
    transient: { objectAttributes: { password: 'quite another 1' } },
  }
  const { state } = await node.turn(found)
  assert.deepEqual(state.user, { sub: user.sub, epoch: 1 })
  assert.equal((await findEndUser(alpha, user.sub))?.epoch, 1)
  assert.deepEqual(state.transient, { objectAttributes: {} })
  // A journey of before, whose account was ended meanwhile, changes nothing, and stays ended.
  const late = await node.turn({
    ...found,
    transient: { objectAttributes: { password: 'one more 12' } },
  })
  assert.ok(late.kind === 'outcome')
  assert.deepEqual([late.outcome, late.state.user], ['FAILURE', { sub: user.sub, epoch: 0 }])
})

test('PingAM: what somebody else ended while Patch Object wrote stays ended for the journey', async () => {
  const user = await oneMore(all)
  for (const [raised, epoch] of [
    [1, 1],
    [2, 0],
  ] as const) {
    const after = { ...user, epoch: raised }
    const { state } = await nodeIn(alpha, 'PatchObjectNode').turn({
      state: identify(emptyState, user),
      shared: { username: user.username, objectAttributes: { password: 'quite another 1' } },
      people: { patch: async () => ({ kind: 'done', user: after }) },
    })
    assert.deepEqual(state.user, { sub: user.sub, epoch })
  }
})

test('PingAM: Patch Object as the user themselves changes nothing that others say about them', async () => {
  const node = nodeIn(alpha, 'PatchObjectNode', { patchAsObject: true })
  for (const [name, value] of [
    ['employeeNumber', '8'],
    ['accountStatus', 'active'],
    ['roles', ['admin']],
    ['groups', []],
  ] as const)
    assert.equal(
      await node.outcome({ shared: { username: 'demo', objectAttributes: { [name]: value } } }),
      'FAILURE',
      name,
    )
  const asJourney = nodeIn(alpha, 'PatchObjectNode')
  const shared = { username: 'demo', objectAttributes: { employeeNumber: '7' } }
  assert.equal(await asJourney.outcome({ shared }), 'PATCHED')
})

test('PingAM: Terms and Conditions Decision asks for the active version, KBA Decision for enough answers', async () => {
  const user = await oneMore(all)
  const by = { shared: { username: user.username } }
  const terms = nodeIn(alpha, 'TermsAndConditionsDecisionNode')
  const kba = nodeIn(alpha, 'KbaDecisionNode')
  assert.deepEqual([await terms.outcome(by), await kba.outcome(by)], ['true', 'false'])
  const versions = [{ version: '2', termsTranslations: { en: 'Be good.' }, createDate: '' }]
  await keep(root, 'openidm/config/selfservice.terms', { active: '2', versions })
  assert.equal(await terms.outcome(by), 'false')
  await note(alpha, user.sub, () => ({
    termsAccepted: { termsVersion: '2' },
    kbaInfo: [{ questionId: '1', answer: { $crypto: { value: { data: 'x' } } } }],
  }))
  assert.deepEqual([await terms.outcome(by), await kba.outcome(by)], ['true', 'true'])
})
