import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys } from '../../../../test/journeys.ts'
import { letterBox } from '../../../../test/letters.ts'
import { nodeIn } from '../../../../test/one-node.ts'
import { oneMore, people } from '../../../../test/people.ts'
import { tree, withTrees } from '../../../../test/trees.ts'
import type { JsonObject } from '../../../base/json.ts'
import type { Mail } from '../../../mail/mail.ts'
import type { ScriptRules } from '../../../realm/script/rules.ts'
import { usualScriptRules } from '../../../realm/script/rules.ts'
import { success } from '../../built-in/journey.ts'
import { emptyState, identify } from '../../state.ts'
import type { AskedStep } from '../../step.ts'

const world = await people()
const { clock, demo } = world
const box = letterBox()
const name = { type: 'UsernameCollectorNode', to: { outcome: 'draw' } }

function codes(
  send: string,
  settings: JsonObject,
  type = 'OneTimePasswordSmtpSenderNode',
  then = success,
) {
  return tree({
    name,
    draw: {
      type: 'OneTimePasswordGeneratorNode',
      settings: { length: 6 },
      to: { outcome: send },
    },
    [send]: { type, settings, to: { outcome: 'ask' } },
    ask: { type: 'OneTimePasswordCollectorDecisionNode', to: { true: then, false: 'limit' } },
    limit: { type: 'OneTimePasswordCollectorDecisionNode', to: { true: success, false: 'ask' } },
  })
}

const content = { emailContent: { en: 'Code: {{OTP}}' }, emailSubject: { en: 'For you' } }
const realm = await withTrees(
  { ...world.alpha, mail: box.mail },
  {
    Code: codes('send', content),
    Twice: codes('send', content, 'OneTimePasswordSmtpSenderNode', 'limit'),
    Text: codes(
      'text',
      { mobileCarrierAttributeName: 'description' },
      'OneTimePasswordSmsSenderNode',
    ),
    Nowhere: codes('nowhere', { emailAttribute: 'description' }),
  },
)
const at = journeys(realm)

/** A journey that waits for the code, and the code. */
async function begun(
  username = 'demo',
): Promise<{ readonly step: AskedStep; readonly code: string }> {
  const step = at.asked(await at.answer('Code', { IDToken1: username }))
  const [letter] = await box.fresh()
  return { step, code: /\d{6}/.exec(letter?.text ?? '')?.[0] ?? '' }
}

test('PingAM: a one-time password is mailed, as the node says, and lets in once', async () => {
  const step = at.asked(await at.answer('Code', { IDToken1: 'demo' }))
  const [letter, more] = await box.fresh()
  assert.equal(more, undefined)
  assert.deepEqual([letter?.to.address, letter?.subject], ['demo@example.com', 'For you'])
  assert.match(letter?.text ?? '', /^Code: \d{6}$/)
  assert.deepEqual(step.callbacks[0]?.output, [{ name: 'prompt', value: 'One Time Password' }])
  const done = await at.run(step.authId, { IDToken1: letter?.text.slice(-6) ?? '' })
  assert.deepEqual([done.kind, at.userOf(done)?.sub], ['success', demo.sub])
})

test('PingAM: a one-time password counts five minutes', async () => {
  const { step, code } = await begun()
  clock.now += 299
  assert.equal((await at.run(step.authId, { IDToken1: code })).kind, 'success')
  clock.now -= 299
  const late = await begun()
  // A journey is over by then, too: its own end is later where its tree says so.
  clock.now += 300
  assert.equal(at.open(late.step.authId), 'expired')
  clock.now -= 300
})

test('after five wrong tries the right one-time password is none any more', async () => {
  const { step, code } = await begun()
  let at4 = step
  for (let i = 0; i < 4; i += 1) at4 = at.asked(await at.run(at4.authId, { IDToken1: 'wrong' }))
  assert.equal((await at.run(at4.authId, { IDToken1: code })).kind, 'success')
  const again = await begun()
  let at5 = again.step
  for (let i = 0; i < 5; i += 1) at5 = at.asked(await at.run(at5.authId, { IDToken1: 'wrong' }))
  assert.equal(at.asked(await at.run(at5.authId, { IDToken1: again.code })).kind, 'ask')
})

test('PingAM: without an address the node fails', async () => {
  const step = await at.answer('Nowhere', { IDToken1: 'demo' })
  assert.deepEqual([step.kind, 'ended' in step && step.ended.byError], ['failure', true])
})

test('PingAM: a one-time password that was taken is none for a second node that asks', async () => {
  const step = at.asked(await at.answer('Twice', { IDToken1: 'demo' }))
  const [letter] = await box.fresh()
  const IDToken1 = letter?.text.slice(-6) ?? ''
  const second = at.asked(await at.run(step.authId, { IDToken1 }))
  assert.equal((await at.run(second.authId, { IDToken1 })).kind, 'ask')
})

test('ten wrong one-time passwords of an account are enough, however many journeys they are tried in', async () => {
  clock.now += 7200
  const user = await oneMore(world)
  for (const _ of ['one', 'two']) {
    let { step } = await begun(user.username)
    for (let i = 0; i < 5; i += 1) step = at.asked(await at.run(step.authId, { IDToken1: 'wrong' }))
  }
  const late = await begun(user.username)
  const refused = at.asked(await at.run(late.step.authId, { IDToken1: late.code }))
  const other = await begun()
  const wrong = at.asked(await at.run(other.step.authId, { IDToken1: 'wrong' }))
  assert.deepEqual(refused.callbacks, wrong.callbacks)
  const right = await at.run(wrong.authId, { IDToken1: other.code })
  assert.equal(right.kind, 'success')
  // Each right one gives its count back, so that one in five minutes is enough for it.
  clock.now += 300
  for (const _ of ['one', 'two']) {
    const { step, code } = await begun(user.username)
    assert.equal((await at.run(step.authId, { IDToken1: code })).kind, 'success')
  }
})

test('where nobody is known, wrong one-time passwords count for the address that was written to', async () => {
  const collector = nodeIn(realm, 'OneTimePasswordCollectorDecisionNode')
  const tried = (emailAddress: string, code: string, peer: string) =>
    collector.outcome({
      shared: { emailAddress, oneTimePasswordTimestamp: clock.now },
      ...{ transient: { oneTimePassword: '123456' }, answers: [[code]], visit: { peer } },
    })
  for (let i = 0; i < 10; i += 1)
    assert.equal(await tried('new@example.com', 'wrong', `192.0.2.${i}`), 'false')
  assert.equal(await tried('NEW@example.com', '123456', '192.0.2.20'), 'false')
  assert.equal(await tried('else@example.com', '123456', '192.0.2.20'), 'true')
})

test('PingAM: a one-time password goes to the address that was collected of somebody new, or of whoever has proven the account', async () => {
  clock.now += 7200
  const sender = nodeIn(realm, 'OneTimePasswordSmtpSenderNode')
  const collector = nodeIn(realm, 'OneTimePasswordCollectorDecisionNode')
  const transient = { oneTimePassword: '123456', oneTimePasswordTimestamp: clock.now }
  const objectAttributes = { mail: 'fresh@example.com' }
  const user = await oneMore(world)
  const found = identify(emptyState, user)
  const rows = [
    [{ shared: { objectAttributes } }, 'fresh@example.com'],
    [{ shared: { objectAttributes, username: 'not-yet' } }, 'fresh@example.com'],
    [{ shared: { objectAttributes, username: user.username } }, 'demo@example.com'],
    [{ state: found, shared: { objectAttributes } }, 'demo@example.com'],
    [
      { state: identify(found, user, 'DataStore'), shared: { objectAttributes } },
      'fresh@example.com',
    ],
    [{ shared: { objectAttributes, emailAddress: 'told@example.com' } }, 'told@example.com'],
  ] as const
  for (const [known, address] of rows) {
    const sent = await sender.turn({ ...known, transient })
    assert.ok(sent.kind === 'outcome')
    assert.deepEqual(
      (await box.fresh()).map(({ to }) => to.address),
      [address],
    )
    const { state } = sent
    assert.equal(await collector.outcome({ state, answers: [['123456']] }), 'true')
  }
  // Wrong ones count for that address, from wherever they are tried.
  const { state } = await sender.turn({ shared: { objectAttributes }, transient })
  await box.fresh()
  const tried = (code: string, peer: string) =>
    collector.outcome({ state, answers: [[code]], visit: { peer } })
  for (let i = 0; i < 10; i += 1) assert.equal(await tried('wrong', `192.0.2.${i}`), 'false')
  assert.equal(await tried('123456', '192.0.2.20'), 'false')
})

test('where a letter is withheld no one-time password is right; strangers use up no letter of whoever has proven the account', async () => {
  clock.now += 7200
  const user = await oneMore(world)
  const sender = nodeIn(realm, 'OneTimePasswordSmtpSenderNode')
  const collector = nodeIn(realm, 'OneTimePasswordCollectorDecisionNode')
  const drawn = {
    shared: { username: user.username },
    transient: { oneTimePassword: '123456', oneTimePasswordTimestamp: clock.now },
  }
  const tried = async (found: object) => {
    const sent = await sender.turn({ ...drawn, ...found })
    assert.ok(sent.kind === 'outcome' && sent.outcome === 'outcome')
    const outcome = await collector.outcome({ state: sent.state, answers: [['123456']] })
    return [outcome, (await box.fresh()).length]
  }
  const proven = { state: identify(emptyState, { sub: user.sub, epoch: 0 }, 'DataStore') }
  const found = { state: identify(emptyState, { sub: user.sub, epoch: 0 }) }
  for (let i = 0; i < 10; i += 1) assert.deepEqual(await tried({}), ['true', 1])
  assert.deepEqual(await tried({}), ['false', 0])
  assert.deepEqual(await tried(found), ['false', 0])
  for (let i = 0; i < 10; i += 1) assert.deepEqual(await tried(proven), ['true', 1])
  assert.deepEqual(await tried(proven), ['false', 0])
})

test('S-1 a mail server that a node names is reached at public addresses, and at inner ones that an operator allows the realm', async () => {
  const ways: Parameters<Mail['send']>[2][] = []
  const mail: Mail = { ...box.mail, send: (_about, _make, by) => ways.push(by) > 0 }
  const letter = { to: { name: '', address: 'a@b.example' }, subject: '', text: '' }
  const settings = { hostName: '127.0.0.1', hostPort: 9, sslOption: 'NON_SSL' }
  const codes: unknown[] = []
  for (const scripts of [undefined, rulesWith([]), rulesWith(['127.0.0.1:9'])]) {
    const node = nodeIn({ ...realm, mail, scripts }, 'OneTimePasswordSmtpSenderNode', settings)
    await node.turn({
      shared: { emailAddress: 'a@b.example' },
      transient: { oneTimePassword: '1' },
    })
    codes.push(
      await ways
        .at(-1)?.(letter)
        .catch((error: { code?: unknown }) => error.code),
    )
  }
  assert.deepEqual(codes, ['ENOTPUBLIC', 'ENOTPUBLIC', 'ESOCKET'])
})

function rulesWith(addresses: readonly string[]): ScriptRules {
  return { ...usualScriptRules, values: { '/alpha': { variables: {}, secrets: {}, addresses } } }
}
