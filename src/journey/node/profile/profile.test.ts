import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeIn } from '../../../../test/one-node.ts'
import { oneMore, people } from '../../../../test/people.ts'
import { keep } from '../../../../test/trees.ts'
import type { JsonObject } from '../../../base/json.ts'
import { findEndUser } from '../../../user/end-user.ts'
import { note, noteOf } from '../../../user/notes.ts'
import { NodeError } from '../../journey.ts'
import { emptyState, identify } from '../../state.ts'

const all = await people()
const { alpha, root, demo } = all

test('PingAM: Platform Username asks as a name, keeps it twice, and passes an empty one', async () => {
  const node = nodeIn(alpha, 'ValidatedUsernameNode')
  assert.equal(
    await node.asks(),
    '[{"type":"NameCallback","output":[{"name":"prompt","value":"User Name"}],"input":[{"name":"IDToken1","value":""}]}]',
  )
  const { state } = await node.turn({ answers: [['demo']] })
  assert.deepEqual(state.shared, { objectAttributes: { userName: 'demo' }, username: 'demo' })
  const named = nodeIn(alpha, 'ValidatedUsernameNode', { autocompleteValues: ['webauthn'] })
  assert.match(await named.asks(), /"autocompleteValues","value":\["webauthn"\]/)
  const empty = await node.turn({ answers: [['']] })
  assert.deepEqual([empty.kind, empty.state.shared], ['outcome', {}])
  const shown = nodeIn(alpha, 'ValidatedUsernameNode', { prepopulate: true })
  assert.match(await shown.asks({ shared: { username: 'ann' } }), /"value":"ann"/)
  assert.doesNotMatch(await node.asks({ shared: { username: 'ann' } }), /"value":"ann"/)
})

const usernamePolicies =
  '{"policyRequirements":["REQUIRED","MIN_LENGTH","MAX_LENGTH","VALID_USERNAME","UNIQUE"],"fallbackPolicies":null,"name":"userName","policies":[' +
  '{"policyId":"required","params":{},"policyRequirements":["REQUIRED"]},{"policyId":"minimum-length","params":{"minLength":1},"policyRequirements":["MIN_LENGTH"]},' +
  '{"policyId":"maximum-length","params":{"maxLength":256},"policyRequirements":["MAX_LENGTH"]},{"policyId":"valid-username","params":{},"policyRequirements":["VALID_USERNAME"]},' +
  '{"policyId":"unique","params":{},"policyRequirements":["UNIQUE"]}],"conditionalPolicies":null}'

test('PingAM: Platform Username says which rules a new name breaks, and goes on with none that is only looked at', async () => {
  const node = nodeIn(alpha, 'ValidatedUsernameNode', { validateInput: true })
  const asked = (failed: string, value = '', only = false) =>
    `[{"type":"ValidatedCreateUsernameCallback","output":[{"name":"policies","value":${usernamePolicies}},{"name":"failedPolicies","value":${failed}},` +
    `{"name":"validateOnly","value":${only}},{"name":"prompt","value":"Username"}],` +
    `"input":[{"name":"IDToken1","value":"${value}"},{"name":"IDToken1validateOnly","value":${only}}]}]`
  assert.equal(await node.asks(), asked('[]'))
  const unique = '["{ \\"params\\": {}, \\"policyRequirement\\": \\"UNIQUE\\" }"]'
  assert.equal(await node.asks({ answers: [['Demo', false]] }), asked(unique, 'Demo'))
  assert.match(await node.asks({ answers: [['', false]] }), /REQUIRED\\" }"\]/)
  assert.equal(await node.asks({ answers: [['free', true]] }), asked('[]', 'free', true))
  assert.equal(await node.outcome({ answers: [['free', false]] }), 'outcome')
})

test('PingAM: Platform Password keeps it for this request alone, and asks again for an empty one', async () => {
  const node = nodeIn(alpha, 'ValidatedPasswordNode')
  assert.match(await node.asks({ answers: [['']] }), /^\[\{"type":"PasswordCallback"/)
  const { state } = await node.turn({ answers: [['secret']] })
  assert.deepEqual(
    [state.transient, state.shared],
    [{ objectAttributes: { password: 'secret' }, password: 'secret' }, {}],
  )
})

test('PingAM: Platform Password tells the realm’s rules and those that a new one breaks, never the password', async () => {
  const settings = { passwordMinLength: 10, passwordMinCapitals: 1, passwordMinNumbers: 2 }
  const strict = {
    ...alpha,
    provider: { ...alpha.provider, ...settings, passwordMinOthers: 1, passwordRefuseName: true },
  }
  const node = nodeIn(strict, 'ValidatedPasswordNode', { validateInput: true })
  const first = JSON.parse(await node.asks()) as readonly { output: readonly JsonObject[] }[]
  const policies = first[0]?.output.find(({ name }) => name === 'policies')?.value as JsonObject
  assert.deepEqual(policies.policyRequirements, [
    ...['VALID_TYPE', 'MIN_LENGTH', 'MAX_LENGTH', 'AT_LEAST_X_CAPITAL_LETTERS'],
    ...['AT_LEAST_X_NUMBERS', 'CHARACTER_SET', 'CANNOT_CONTAIN_OTHERS', 'NOT_COMMON'],
  ])
  const broken = async (password: string): Promise<readonly string[]> => {
    const asked = await node.asks({
      shared: { username: 'ann' },
      answers: [[password, false]],
    })
    assert.ok(!asked.includes(`"${password}"`))
    return [...asked.matchAll(/policyRequirement\\": \\"(\w+)/g)].map(([, name = '']) => name)
  }
  assert.deepEqual(await broken('short'), [
    ...['MIN_LENGTH', 'AT_LEAST_X_CAPITAL_LETTERS', 'AT_LEAST_X_NUMBERS', 'CHARACTER_SET'],
  ])
  assert.deepEqual(await broken('Is-ANN-12345'), ['CANNOT_CONTAIN_OTHERS'])
  const good = { shared: { username: 'ann' }, answers: [['Good-one-12', false]] }
  assert.equal(await node.outcome(good), 'outcome')
  const only = { ...good, answers: [['Good-one-12', true]] }
  assert.match(await node.asks(only), /"IDToken1validateOnly","value":true/)
})

test('PingAM: Attribute Collector asks each attribute by its kind, and writes what was given', async () => {
  const names = ['givenName', 'preferences/updates', 'updated_at']
  const node = nodeIn(alpha, 'AttributeCollectorNode', { attributesToCollect: names })
  const [one, two, three] = JSON.parse(await node.asks()) as readonly JsonObject[]
  assert.deepEqual(
    [one?.type, two?.type, three?.type],
    ['String', 'Boolean', 'Number'].map((each) => `${each}AttributeInputCallback`),
  )
  assert.equal(
    JSON.stringify(one),
    '{"type":"StringAttributeInputCallback","output":[{"name":"name","value":"givenName"},{"name":"prompt","value":"First Name"},{"name":"required","value":false},' +
      '{"name":"policies","value":{}},{"name":"failedPolicies","value":[]},{"name":"validateOnly","value":false},{"name":"value","value":""}],' +
      '"input":[{"name":"IDToken1","value":""},{"name":"IDToken1validateOnly","value":false}]}',
  )
  const answers = [
    ['Ann', false],
    [true, false],
    [null, false],
  ]
  const { state } = await node.turn({ answers })
  assert.deepEqual(state.shared, {
    objectAttributes: { givenName: 'Ann', preferences: { updates: true } },
  })
})

test('PingAM: Attribute Collector asks again for what is required, breaks a rule, or is only looked at', async () => {
  const settings = { attributesToCollect: ['mail'], required: true, validateInputs: true }
  const node = nodeIn(alpha, 'AttributeCollectorNode', settings)
  assert.match(await node.asks({ answers: [['', false]] }), /REQUIRED/)
  assert.match(await node.asks({ answers: [['x'.repeat(5000), false]] }), /VALID_TYPE/)
  assert.match(await node.asks({ answers: [['a@b.example', true]] }), /"value":"a@b.example"/)
  assert.equal(await node.outcome({ answers: [['a@b.example', false]] }), 'outcome')
})

test('PingAM: what an account holds is shown to its owner alone, who may empty it', async () => {
  const node = nodeIn(alpha, 'AttributeCollectorNode', { attributesToCollect: ['givenName'] })
  const found = identify(emptyState, demo)
  assert.doesNotMatch(await node.asks({ state: found }), /"Demo"/)
  const proven = identify(emptyState, demo, 'DataStore')
  const shown = await node.turn({ state: proven })
  assert.ok(shown.kind === 'ask')
  assert.match(JSON.stringify(shown.callbacks), /"Demo"/)
  const session = { username: 'demo', sub: demo.sub }
  assert.match(await node.asks({ state: found, visit: { session } }), /"Demo"/)
  const emptied = await node.turn({ asked: shown.callbacks, answers: [['', false]] })
  assert.deepEqual(emptied.state.shared, { objectAttributes: { givenName: '' } })
})

test('PingAM: terms are asked until they are accepted; without any it passes', async () => {
  const node = nodeIn(alpha, 'AcceptTermsAndConditionsNode')
  assert.equal(await node.outcome(), 'outcome')
  const termsTranslations = { en: 'Be good.', de: 'Sei gut.' }
  const versions = [{ version: '0.0', termsTranslations, createDate: '2019-10-28T04:20:11.320Z' }]
  await keep(root, 'openidm/config/selfservice.terms', { active: '0.0', versions })
  const asked =
    '[{"type":"TermsAndConditionsCallback","output":[{"name":"version","value":"0.0"},{"name":"terms","value":"Sei gut."},' +
    '{"name":"createDate","value":"2019-10-28T04:20:11.320Z"}],"input":[{"name":"IDToken1","value":false}]}]'
  const visit = { locales: ['de-AT'] }
  assert.equal(await node.asks({ visit }), asked)
  assert.equal(await node.asks({ visit, answers: [[false]] }), asked)
  const { state } = await node.turn({ answers: [[true]] })
  assert.deepEqual(state.shared, {
    termsAccepted: { acceptDate: '2027-01-15T08:00:00Z', termsVersion: '0.0' },
  })
})

const questions = { 1: { en: 'Which colour?' }, 2: { en: 'Which town?' } }

test('PingAM: KBA Definition takes answers to different questions, and keeps no answer', async () => {
  const settings = { questions, minimumAnswersToDefine: 2, minimumAnswersToVerify: 1 }
  await keep(root, 'openidm/config/selfservice.kba', settings)
  const node = nodeIn(alpha, 'KbaCreateNode', { message: { en: 'Choose' } })
  const one =
    '"type":"KbaCreateCallback","output":[{"name":"prompt","value":"Choose"},{"name":"predefinedQuestions","value":["Which colour?","Which town?"]},' +
    '{"name":"allowUserDefinedQuestions","value":true}],"input":[{"name":"IDToken1question","value":""},{"name":"IDToken1answer","value":""}]'
  const asked = await node.asks()
  assert.ok(asked.startsWith(`[{${one}},{`), asked)
  const own = nodeIn(alpha, 'KbaCreateNode', { allowUserDefinedQuestions: false })
  for (const wrong of [
    [
      ['Which colour?', 'red'],
      ['Which colour?', 'blue'],
    ],
    [
      ['Which colour?', 'red'],
      ['1', 'blue'],
    ],
    [
      ['Which colour?', ''],
      ['Which town?', 'Ulm'],
    ],
    [
      ['', 'red'],
      ['Which town?', 'Ulm'],
    ],
  ])
    await node.asks({ answers: wrong })
  const mixed = [
    ['Which colour?', 'Red '],
    ['Whose dog?', 'Rex'],
  ]
  await own.asks({ answers: mixed })
  const { state } = await node.turn({ answers: mixed })
  const kept = JSON.stringify(state.transient)
  assert.match(kept, /"questionId":"1"/)
  assert.match(kept, /"customQuestion":"Whose dog\?"/)
  assert.doesNotMatch(kept, /red|rex/i)
})

async function withAnswers(): Promise<{ readonly username: string; readonly sub: string }> {
  const user = await oneMore(all)
  const settings = { questions, minimumAnswersToDefine: 1, minimumAnswersToVerify: 1 }
  await keep(root, 'openidm/config/selfservice.kba', settings)
  const { state } = await nodeIn(alpha, 'KbaCreateNode').turn({
    answers: [['Which town?', ' New  Ulm ']],
  })
  const shared = { username: user.username }
  assert.equal(await nodeIn(alpha, 'PatchObjectNode').outcome({ state, shared }), 'PATCHED')
  return user
}

test('PingAM: KBA Verification passes the right answer however it is written, and no other', async () => {
  const user = await withAnswers()
  const node = nodeIn(alpha, 'KbaVerifyNode')
  const shared = { username: user.username }
  const first = await node.turn({ shared })
  assert.ok(first.kind === 'ask')
  assert.match(JSON.stringify(first.callbacks), /PasswordCallback.*Which town\?/)
  const kept = first.keep
  assert.equal(await node.outcome({ shared, kept, answers: [['new ULM']] }), 'true')
  assert.equal(await node.outcome({ shared, kept, answers: [['Ulm']] }), 'false')
  assert.equal(await node.outcome({ shared, kept, answers: [['']] }), 'false')
})

test('PingAM: KBA Verification asks a name that is nobody’s like any other, the same question every time', async () => {
  const node = nodeIn(alpha, 'KbaVerifyNode')
  for (const username of ['nobody', 'demo']) {
    const shared = { username }
    const turns = await Promise.all([node.turn({ shared }), node.turn({ shared })])
    const [first, again] = turns
    assert.ok(first?.kind === 'ask' && again?.kind === 'ask')
    assert.match(JSON.stringify(first.callbacks), /Which (?:town|colour)\?/)
    assert.deepEqual(again, first)
    const answers = [['red']]
    assert.equal(await node.outcome({ shared, kept: first.keep, answers }), 'false')
  }
})

test('an answer in plain text that a script collected is not kept as it is', async () => {
  const user = await oneMore(all)
  const kbaInfo = [{ questionId: '1', answer: 'red' }]
  const shared = { username: user.username, objectAttributes: { kbaInfo } }
  assert.equal(await nodeIn(alpha, 'PatchObjectNode').outcome({ shared }), 'PATCHED')
  const after = await findEndUser(alpha, user.sub)
  assert.match(JSON.stringify(after && noteOf(after, 'kbaInfo')), /\$argon2id/)
  await note(alpha, user.sub, () => ({ kbaInfo: [] }))
})

test('PingAM: Display Username shows the name until it was seen', async () => {
  const node = nodeIn(alpha, 'DisplayUserNameNode', { identityAttribute: 'userName' })
  const shared = { username: 'demo' }
  assert.match(await node.asks({ shared }), /"message","value":"demo"/)
  assert.equal(await node.outcome({ shared, answers: [[]] }), 'outcome')
  await assert.rejects(node.turn({ shared: { username: 'nobody' } }), NodeError)
})

test('PingAM: Create Password wants the same one twice, long enough', async () => {
  const node = nodeIn(alpha, 'CreatePasswordNode', { minPasswordLength: 4 })
  assert.match(await node.asks(), /IDToken2/)
  assert.match(await node.asks({ answers: [['abc'], ['abc']] }), /at least 4/)
  assert.match(await node.asks({ answers: [['abcd'], ['abce']] }), /do not match/)
  const { state } = await node.turn({ answers: [['abcd'], ['abcd']] })
  assert.deepEqual(state.transient, { password: 'abcd' })
})

test('PingAM: Select Identity Provider takes the password, the one way there is; Consent has nothing to ask', async () => {
  const node = nodeIn(alpha, 'SelectIdPNode')
  assert.deepEqual(await node.outcomes, ['socialAuthentication', 'localAuthentication'])
  assert.equal(await node.outcome(), 'localAuthentication')
  const none = nodeIn(alpha, 'SelectIdPNode', { includeLocalAuthentication: false })
  assert.deepEqual(await none.outcomes, ['socialAuthentication'])
  await assert.rejects(none.turn(), NodeError)
  assert.equal(await nodeIn(alpha, 'ConsentNode').outcome(), 'outcome')
})
