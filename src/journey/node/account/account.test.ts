import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administered, shownAccount } from '../../../../test/administered.ts'
import { nodeIn } from '../../../../test/one-node.ts'
import { oneMore, people } from '../../../../test/people.ts'
import type { JsonObject } from '../../../base/json.ts'
import { StoreUnavailable } from '../../../store/store.ts'
import { changeEndUser, findEndUser } from '../../../user/end-user.ts'
import { note, noteOf } from '../../../user/notes.ts'
import { NodeError } from '../../journey.ts'
import { emptyState, identify } from '../../state.ts'

const all = await people()
const { alpha, demo, clock } = all
const asks = (username: string) => ({ shared: { username } })
const tries = (username: string, password: string) => ({
  ...asks(username),
  transient: { password },
})

test('PingAM: Identity Store Decision passes the right password, no other, and nobody unknown', async () => {
  const node = nodeIn(alpha, 'IdentityStoreDecisionNode')
  assert.deepEqual(await node.outcomes, ['TRUE', 'FALSE', 'LOCKED', 'CANCELLED', 'EXPIRED'])
  const right = await node.turn(tries('Demo', 'Ch4ng31t'))
  assert.ok(right.kind === 'outcome')
  assert.deepEqual(
    [right.outcome, right.state.user, right.state.methods, right.state.transient],
    ['TRUE', { sub: demo.sub, epoch: 0 }, ['DataStore'], {}],
  )
  const wrong = await Promise.all([
    node.turn(tries('demo', 'wrong')),
    node.turn(tries('nobody', 'wrong')),
  ])
  const told = wrong.map((each) => [each.kind === 'outcome' && each.outcome, each.state.atEnd])
  assert.deepEqual(told[0], ['FALSE', {}])
  assert.deepEqual(told[1], told[0])
  await assert.rejects(node.turn(asks('demo')), NodeError)
})

test('PingAM: that an account is locked, or its password has expired, is told to who knows the password', async () => {
  const user = await oneMore(all)
  const node = nodeIn(alpha, 'IdentityStoreDecisionNode')
  await note(alpha, user.sub, () => ({ passwordExpires: clock.now }))
  assert.equal(await node.outcome(tries(user.username, 'Ch4ng31t')), 'EXPIRED')
  assert.equal(await node.outcome(tries(user.username, 'wrong')), 'FALSE')
  await changeEndUser(alpha, user.sub, { status: 'Inactive' })
  const locked = await node.turn(tries(user.username, 'Ch4ng31t'))
  assert.ok(locked.kind === 'outcome')
  assert.deepEqual(
    [locked.outcome, locked.state.shared.lockoutMessage, locked.state.user],
    ['LOCKED', 'User Locked Out.', undefined],
  )
  assert.equal(await node.outcome(tries(user.username, 'wrong')), 'FALSE')
})

test('PingAM: a password that must be another one is changed on the way, by the old one, or the login is cancelled', async () => {
  const user = await oneMore(all)
  await note(alpha, user.sub, () => ({ mustChangePassword: true }))
  const node = nodeIn(alpha, 'IdentityStoreDecisionNode')
  const first = await node.turn(tries(user.username, 'Ch4ng31t'))
  assert.ok(first.kind === 'ask')
  assert.deepEqual(
    first.callbacks.map(({ type }) => type.replace('Callback', '')),
    ['TextOutput', 'Password', 'Password', 'Password', 'Confirmation'],
  )
  const { keep: kept, state } = first
  const answered = (old: string, next: string, again = next, button = 0) =>
    node.turn({ state, kept, answers: [[], [old], [next], [again], [button]] })
  for (const wrong of [
    await answered('wrong', 'another one 1'),
    await answered('Ch4ng31t', 'another one 1', 'another one 2'),
    await answered('Ch4ng31t', 'short'),
    await answered('Ch4ng31t', 'password1'),
    await answered('Ch4ng31t', 'Ch4ng31t'),
  ])
    assert.equal(wrong.kind === 'ask' && wrong.callbacks[0]?.output[1]?.value, '2')
  const cancelled = await answered('Ch4ng31t', 'another one 1', 'another one 1', 1)
  assert.ok(cancelled.kind === 'outcome' && cancelled.outcome === 'CANCELLED')
  const done = await answered('Ch4ng31t', 'another one 1')
  assert.ok(done.kind === 'outcome')
  assert.deepEqual([done.outcome, done.state.user], ['TRUE', { sub: user.sub, epoch: 1 }])
  assert.equal(await node.outcome(tries(user.username, 'another one 1')), 'TRUE')
})

test('PingAM: what is said of a password that must be another one is in capitals, unless its node has mixed case', async () => {
  const user = await oneMore(all)
  await note(alpha, user.sub, () => ({ mustChangePassword: true }))
  const said = async (type: string, settings: JsonObject = {}) => {
    const node = nodeIn(alpha, type, settings)
    const first = await node.turn(tries(user.username, 'Ch4ng31t'))
    assert.ok(first.kind === 'ask')
    const { keep: kept, state } = first
    const again = await node.turn({ state, kept, answers: [[], ['a'], ['b'], ['c'], [0]] })
    assert.ok(again.kind === 'ask')
    return [first, again].map(({ callbacks }) => callbacks[0]?.output[0]?.value)
  }
  const sentences = ['You must change your password.', 'The passwords do not match.']
  const capitals = sentences.map((each) => each.toUpperCase())
  const mixed = { mixedCaseForPasswordChangeMessages: true }
  assert.deepEqual(await said('IdentityStoreDecisionNode'), capitals)
  assert.deepEqual(await said('IdentityStoreDecisionNode', mixed), sentences)
  assert.deepEqual(await said('DataStoreDecisionNode'), sentences)
})

test('PingAM: the buttons of a password that must be another one are those of PingAM; all but the first leave', async () => {
  const user = await oneMore(all)
  await note(alpha, user.sub, () => ({ mustChangePassword: true }))
  const node = nodeIn(alpha, 'IdentityStoreDecisionNode')
  const first = await node.turn(tries(user.username, 'Ch4ng31t'))
  assert.ok(first.kind === 'ask')
  const { type, output, values } = first.callbacks[4] as (typeof first.callbacks)[number]
  assert.deepEqual(
    [type, Object.fromEntries(output.map(({ name, value }) => [name, value])), values],
    [
      'ConfirmationCallback',
      {
        ...{ prompt: '', messageType: 2, options: ['SUBMIT', 'CANCEL'] },
        ...{ optionType: -1, defaultOption: 1 },
      },
      [0],
    ],
  )
  const { keep: kept, state } = first
  for (const button of [1, 2, 100]) {
    const answers = [[], ['Ch4ng31t'], ['another one 1'], ['another one 1'], [button]]
    assert.equal(await node.outcome({ state, kept, answers }), 'CANCELLED')
  }
})

test('PingDS: pwdReset, as an administrator sets it, has every node that checks a password ask for another one, once', async () => {
  const user = await oneMore(all)
  const change = (input: JsonObject, own = false) => administered(alpha, user.sub, input, own)
  const shown = async () => (await shownAccount(alpha, user.sub))?.pwdReset
  const node = nodeIn(alpha, 'DataStoreDecisionNode')
  assert.equal(await change({ pwdReset: 'maybe' }), 'invalid')
  assert.equal(await change({ pwdReset: true }), 'updated')
  assert.deepEqual(await shown(), ['true'])
  assert.equal(await change({ pwdReset: false }, true), 'forbidden')
  assert.equal(await change({ userpassword: 'given by another 1' }), 'updated')
  const first = await node.turn(tries(user.username, 'given by another 1'))
  assert.ok(first.kind === 'ask')
  assert.equal(await node.outcome(tries(user.username, 'wrong')), 'false')
  const { keep: kept, state } = first
  const answered = (next: string, button = 0) =>
    node.turn({ state, kept, answers: [[], ['given by another 1'], [next], [next], [button]] })
  const cancelled = await answered('my own one 1', 1)
  assert.ok(cancelled.kind === 'outcome' && cancelled.outcome === 'false')
  const done = await answered('my own one 1')
  assert.ok(done.kind === 'outcome' && done.outcome === 'true')
  assert.equal(done.state.user?.sub, user.sub)
  assert.equal(await shown(), undefined)
  assert.equal(await node.outcome(tries(user.username, 'my own one 1')), 'true')
  await note(alpha, user.sub, () => ({ passwordExpires: clock.now }))
  assert.equal(await node.outcome(tries(user.username, 'my own one 1')), 'false')
})

test('PingAM: Account Lockout locks and unlocks, which Account Active Decision tells', async () => {
  const user = await oneMore(all)
  const active = nodeIn(alpha, 'AccountActiveDecisionNode')
  assert.equal(await active.outcome(asks(user.username)), 'true')
  await nodeIn(alpha, 'AccountLockoutNode', { lockAction: 'LOCK' }).outcome(asks(user.username))
  assert.equal(await active.outcome(asks(user.username)), 'false')
  assert.equal((await findEndUser(alpha, user.sub))?.epoch, 1)
  await nodeIn(alpha, 'AccountLockoutNode', { lockAction: 'UNLOCK' }).outcome(asks(user.username))
  assert.equal(await active.outcome(asks(user.username)), 'true')
  const lock = nodeIn(alpha, 'AccountLockoutNode')
  for (const node of [active, lock]) await assert.rejects(node.turn(), NodeError)
  await assert.rejects(active.turn(asks('nobody')), NodeError)
  assert.equal(await lock.outcome(asks('nobody')), 'outcome')
})

test('PingAM: Retry Limit Decision counts in the journey alone, where it is so set', async () => {
  const settings = { retryLimit: 2, incrementUserAttributeOnFailure: false }
  const node = nodeIn(alpha, 'RetryLimitDecisionNode', settings)
  const outcomes: string[] = []
  let { state } = await node.turn(asks('demo'))
  for (let i = 0; i < 3; i += 1) {
    const next = await node.turn({ state })
    assert.ok(next.kind === 'outcome')
    outcomes.push(next.outcome)
    state = next.state
  }
  assert.deepEqual(outcomes, ['Retry', 'Reject', 'Reject'])
  assert.equal(state.shared['n1.retryCount'], 2)
  assert.equal(await node.outcome(asks('demo')), 'Retry')
})

test('Retry Limit Decision counts for the account over journeys at once, and a rejected try brings no new ones for an hour', async () => {
  const user = await oneMore(all)
  const node = nodeIn(alpha, 'RetryLimitDecisionNode', { retryLimit: '3' })
  const many = await Promise.all(Array.from({ length: 5 }, () => node.outcome(asks(user.username))))
  assert.deepEqual(many.sort(), ['Reject', 'Reject', 'Retry', 'Retry', 'Retry'])
  clock.now += 3599
  assert.equal(await node.outcome(asks(user.username)), 'Reject')
  clock.now += 1
  assert.equal(await node.outcome(asks(user.username)), 'Retry')
  assert.equal(await node.outcome(asks('nobody')), 'Retry')
})

test('Retry Limit Decision counts by the account however its name is written, and a name that is nobody’s in the same way', async () => {
  const user = await oneMore(all)
  const node = nodeIn(alpha, 'RetryLimitDecisionNode', { retryLimit: 2 })
  const called = async (name: string) => {
    const written = [name, name.toUpperCase(), ` ${name} `]
    const outcomes: string[] = []
    for (const each of written) outcomes.push(await node.outcome(asks(each)))
    clock.now += 3599
    outcomes.push(await node.outcome(asks(name)))
    clock.now += 1
    return [...outcomes, await node.outcome(asks(name))]
  }
  const known = await called(user.username)
  assert.deepEqual(known, ['Retry', 'Retry', 'Reject', 'Reject', 'Retry'])
  assert.deepEqual(await called('nobody at all'), known)
  const many = Array.from({ length: 4 }, () => node.outcome(asks('nobody at once')))
  assert.deepEqual((await Promise.all(many)).toSorted(), ['Reject', 'Reject', 'Retry', 'Retry'])
})

test('Retry Limit Decision and Account Lockout go by who was found, whatever the state calls them, unless another one was named since', async () => {
  const [user, other] = [await oneMore(all), await oneMore(all)]
  const state = identify({ ...emptyState, shared: { username: 'as they were called' } }, user)
  const found = { ...state, user: { sub: user.sub, epoch: user.epoch + 7 } }
  const node = nodeIn(alpha, 'RetryLimitDecisionNode', { retryLimit: 1 })
  assert.equal(await node.outcome({ state: found }), 'Retry')
  assert.equal(await node.outcome(asks(user.username)), 'Reject')
  await nodeIn(alpha, 'AccountLockoutNode').outcome({ state: found, ...asks(other.username) })
  const statuses = [user, other].map(async ({ sub }) => (await findEndUser(alpha, sub))?.status)
  assert.deepEqual(await Promise.all(statuses), ['Active', 'Inactive'])
  await nodeIn(alpha, 'AccountLockoutNode').outcome({ state: found })
  assert.equal((await findEndUser(alpha, user.sub))?.status, 'Inactive')
})

test('PingAM: logins are counted, also at once, and Login Count Decision goes by it', async () => {
  const user = await oneMore(all)
  const increment = nodeIn(alpha, 'IncrementLoginCountNode')
  const by = asks(user.username)
  const at = nodeIn(alpha, 'LoginCountDecisionNode', { interval: 'AT', amount: 4 })
  const every = nodeIn(alpha, 'LoginCountDecisionNode', { interval: 'EVERY', amount: 2 })
  // Nothing was counted yet: that is no second login either.
  assert.deepEqual([await at.outcome(by), await every.outcome(by)], ['false', 'false'])
  await Promise.all(Array.from({ length: 4 }, () => increment.outcome(by)))
  assert.deepEqual([await at.outcome(by), await every.outcome(by)], ['true', 'true'])
  await increment.outcome(by)
  assert.deepEqual([await at.outcome(by), await every.outcome(by)], ['false', 'false'])
  assert.equal(await increment.outcome(asks('nobody')), 'outcome')
  assert.equal(await increment.outcome(), 'outcome')
  // A store that is away, or a bug, is nobody's not being there.
  const failing = { ...alpha.settings, get: () => Promise.reject(new StoreUnavailable('away')) }
  const away = nodeIn({ ...alpha, settings: failing }, 'IncrementLoginCountNode')
  await assert.rejects(async () => away.outcome(by), StoreUnavailable)
  await assert.rejects(at.turn(asks('nobody')), NodeError)
})

test('PingAM: Time Since Decision goes by when the account was made', async () => {
  const user = await oneMore(all)
  await note(alpha, user.sub, () => ({ created: clock.now }))
  const by = asks(user.username)
  for (const [elapsedTime, seconds] of [
    ['2 weeks and 1 day', 15 * 86_400],
    ['90 seconds', 90],
    ['1 hour', 3600],
    ['3', 180],
  ] as const) {
    const node = nodeIn(alpha, 'TimeSinceDecisionNode', { elapsedTime })
    clock.now += seconds - 1
    assert.equal(await node.outcome(by), 'false', elapsedTime)
    clock.now += 1
    assert.equal(await node.outcome(by), 'true', elapsedTime)
    clock.now -= seconds
  }
  const node = nodeIn(alpha, 'TimeSinceDecisionNode', { elapsedTime: '10 years' })
  assert.equal(await node.outcome(asks('demo')), 'true')
})

test('what journeys note of an account is none of its claims, and another change of it keeps it', async () => {
  const user = await oneMore(all)
  await note(alpha, user.sub, () => ({ loginCount: 7 }))
  await changeEndUser(alpha, user.sub, { attributes: { name: 'Another' } })
  const after = await findEndUser(alpha, user.sub)
  assert.deepEqual(
    [after && noteOf(after, 'loginCount'), after?.attributes],
    [7, { name: 'Another' }],
  )
})
