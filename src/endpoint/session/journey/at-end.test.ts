import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people, request, setCookies } from '../../../../test/people.ts'
import { keep, tree, withTrees } from '../../../../test/trees.ts'
import type { HttpResponse } from '../../../base/http.ts'
import { failure, success } from '../../../journey/built-in/journey.ts'
import { readSession } from '../../../session/session.ts'
import { findByUsername } from '../../../user/end-user.ts'
import { noteOf } from '../../../user/notes.ts'
import { authenticate } from '../authenticate.ts'

const world = await people()
const { root, clock } = world

const page = (id: string, to: string, ...children: readonly (readonly [string, object])[]) => ({
  [id]: {
    type: 'PageNode',
    settings: { nodes: children.map(([nodeType], i) => ({ _id: `${id}${i}`, nodeType })) },
    to: { outcome: to },
  },
  ...Object.fromEntries(
    children.map(([type, settings], i) => [`${id}${i}`, { type, settings: settings as never }]),
  ),
})
const then = (type: string, settings: object, to: string) => ({
  ...{ type, settings: settings as never, to: { outcome: to } },
})

/** As PingAM's defaults have them, with all that a success can leave to be done. */
const login = {
  ...page('login', 'check', ['ValidatedUsernameNode', {}], ['ValidatedPasswordNode', {}]),
  check: {
    type: 'IdentityStoreDecisionNode',
    to: { TRUE: 'count', FALSE: 'retry', LOCKED: failure, CANCELLED: failure, EXPIRED: failure },
  },
  retry: {
    type: 'RetryLimitDecisionNode',
    settings: { retryLimit: 2 },
    to: { Retry: 'login', Reject: 'lock' },
  },
  lock: then('AccountLockoutNode', {}, 'why'),
  why: then(
    'SetFailureDetailsNode',
    { failureMessage: { en: 'Too often', de: 'Zu oft' }, failureDetails: { code: '7' } },
    failure,
  ),
  count: then('IncrementLoginCountNode', {}, 'level'),
  level: then('ModifyAuthLevelNode', { authLevelIncrement: 3 }, 'properties'),
  properties: then(
    'SetSessionPropertiesNode',
    { properties: { colour: 'red' }, maxSessionTime: 30, maxIdleTime: 5 },
    'persistent',
  ),
  persistent: then('SetPersistentCookieNode', { maxLife: 2, sameSite: 'STRICT' }, 'custom'),
  custom: then(
    'SetCustomCookieNode',
    { name: 'lang', value: 'de', useSecureCookie: true, domain: 'example.com' },
    'details',
  ),
  details: then(
    'SetSuccessDetailsNode',
    { successDetails: { level: '3' }, sessionProperties: { shade: 'colour' } },
    success,
  ),
}
const registration = {
  ...page(
    'registration',
    'create',
    ['ValidatedUsernameNode', { validateInput: true }],
    [
      'AttributeCollectorNode',
      { attributesToCollect: ['givenName', 'sn', 'mail'], required: true },
    ],
    ['ValidatedPasswordNode', { validateInput: true }],
    ['KbaCreateNode', {}],
    ['AcceptTermsAndConditionsNode', {}],
  ),
  create: { type: 'CreateObjectNode', to: { CREATED: 'first', FAILURE: failure } },
  first: then('IncrementLoginCountNode', {}, success),
}
const alpha = await withTrees(world.alpha, {
  Entry: tree(login),
  Registration: tree(registration),
  Outer: tree({
    inner: {
      type: 'InnerTreeEvaluatorNode',
      settings: { tree: 'Entry' },
      to: { true: success, false: failure },
    },
  }),
  Known: tree({
    known: { type: 'PersistentCookieDecisionNode', to: { true: success, false: failure } },
  }),
})
const versions = [{ version: '1', termsTranslations: { en: 'Be good.' }, createDate: '' }]
await keep(root, 'openidm/config/selfservice.terms', { active: '1', versions })

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
type Read = any
type Answer = HttpResponse & { readonly json: Read }

async function post(
  query: string,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const sent = {
    ...{ 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' },
    ...headers,
  }
  const text = body === '' ? '' : JSON.stringify(body)
  const https = { origin: 'https://localhost:8080' }
  const http = request('POST', `/authenticate?${query}`, sent, text, https)
  const answer = await authenticate.handle(alpha, http)
  return { ...answer, json: JSON.parse(String(answer.body)) }
}

const start = (journey: string, headers = {}) =>
  post(`authIndexType=service&authIndexValue=${journey}`, '', headers)

/** The step with these inputs, by their names, as a client sends it back. */
function filled(step: Read, values: Readonly<Record<string, unknown>>): Read {
  const callbacks = step.callbacks.map((each: Read) => ({
    ...each,
    input: (each.input ?? []).map((input: Read) => ({
      ...input,
      value: Object.hasOwn(values, input.name) ? values[input.name] : input.value,
    })),
  }))
  return { ...step, callbacks }
}

const next = (step: Read, values: Readonly<Record<string, unknown>>, headers = {}) =>
  post('', filled(step, values), headers)
const both = (name: unknown, word: unknown) => ({ IDToken1: name, IDToken2: word })

test('PingAM: a success does what its nodes left to be done: properties, times, cookies, details', async () => {
  const done = await next((await start('Entry')).json, both('demo', 'Ch4ng31t'))
  const { tokenId, ...told } = done.json
  const successUrl = '/enduser/?realm=/alpha'
  assert.deepEqual(told, { successUrl, realm: '/alpha', level: 3, shade: 'red' })
  const session = await readSession(alpha, tokenId)
  assert.deepEqual(session?.properties, { colour: 'red', AuthLevel: '3' })
  assert.deepEqual([session?.max_by, session?.idle], [clock.now + 1800, 300])
  const cookies = setCookies(done)
  assert.equal(cookies.get('lang'), 'lang=de; Domain=example.com; Path=/; Secure; SameSite=Lax')
  const persistent = cookies.get('session-jwt') ?? ''
  assert.match(
    persistent,
    /^session-jwt=[\w-]+; Max-Age=7200; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  )
  const [cookie = ''] = persistent.split(';')
  const again = await start('Known', { cookie })
  const known = await readSession(alpha, again.json.tokenId)
  assert.deepEqual([known?.username, known?.properties], ['demo', { NodeType: 'PersistentCookie' }])
  assert.match(setCookies(again).get('session-jwt') ?? '', /Max-Age=7200/)
  assert.equal((await start('Known')).status, 401)
})

/** What becomes of a name with a wrong password, as often as it is asked. */
async function guessed(name: string): Promise<readonly unknown[]> {
  let step = await start('Entry', { 'accept-language': 'de' })
  const told: unknown[] = []
  while (step.json.authId !== undefined) {
    const { callbacks } = step.json
    told.push(callbacks)
    step = await next(step.json, both(name, 'wrong'), { 'accept-language': 'de' })
  }
  return [...told, step.status, step.json]
}

test('PingAM: who tries too often is told so and locked out; a name that is nobody’s is told the same', async () => {
  const made = await register('lock')
  assert.equal(made.status, 200)
  const told = await guessed('lock')
  assert.deepEqual(told.slice(-2), [
    401,
    {
      ...{ code: 401, reason: 'Unauthorized', message: 'Zu oft' },
      detail: { code: 7, failureUrl: '' },
    },
  ])
  assert.equal(told.length, 5)
  assert.deepEqual(await guessed('nobody'), told)
  assert.equal((await findByUsername(alpha, 'lock'))?.status, 'Inactive')
  assert.equal(await readSession(alpha, made.json.tokenId), undefined)
  const right = await next((await start('Entry')).json, both('lock', 'one of my own'))
  assert.deepEqual([right.status, right.json.message], [401, 'User Locked Out.'])
})

test('wrong tries are forgotten once somebody is in by a journey that has the node, also inside another, and by no other', async () => {
  const wrong = await next((await start('Entry')).json, both('demo', 'wrong'))
  const retries = async () => {
    const user = await findByUsername(alpha, 'demo')
    return user && noteOf(user, 'retries')
  }
  assert.deepEqual(await retries(), { retry: { tries: 1, last: clock.now } })
  const other = await next((await start('Login')).json, both('demo', 'Ch4ng31t'))
  assert.equal(other.status, 200)
  assert.deepEqual(await retries(), { retry: { tries: 1, last: clock.now } })
  assert.equal((await next(wrong.json, both('demo', 'Ch4ng31t'))).status, 200)
  assert.deepEqual(await retries(), {})
  const again = await next((await start('Outer')).json, both('demo', 'wrong'))
  assert.deepEqual(await retries(), { retry: { tries: 1, last: clock.now } })
  assert.equal((await next(again.json, both('demo', 'Ch4ng31t'))).status, 200)
  assert.deepEqual(await retries(), {})
})

const answers = (userName: string) => ({
  ...{ IDToken1: userName, IDToken2: 'Ann', IDToken3: 'Miller', IDToken4: 'ann@example.com' },
  ...{ IDToken5: 'one of my own', IDToken6question: 'Whose dog?', IDToken6answer: 'Rex' },
  IDToken7: true,
})

async function register(name: string): Promise<Answer> {
  return next((await start('Registration')).json, answers(name))
}

test('PingAM: Registration says what is wrong with each answer, keeps the others, and makes one account however often it is sent', async () => {
  const first = (await start('Registration')).json
  assert.deepEqual(
    first.callbacks.map(({ type }: Read) => type.replace('Callback', '')),
    [
      ...['ValidatedCreateUsername', 'StringAttributeInput', 'StringAttributeInput'],
      ...['StringAttributeInput', 'ValidatedCreatePassword', 'KbaCreate', 'TermsAndConditions'],
    ],
  )
  const bad = { ...answers('DEMO'), IDToken5: 'short', IDToken7: false }
  const again = (await next(first, bad)).json
  const of = (i: number, name: string) =>
    again.callbacks[i].output.find((each: Read) => each.name === name).value
  assert.match(of(0, 'failedPolicies')[0], /UNIQUE/)
  assert.deepEqual(JSON.parse(of(4, 'failedPolicies')[0]), {
    params: { minLength: 8 },
    policyRequirement: 'MIN_LENGTH',
  })
  assert.doesNotMatch(JSON.stringify(again), /"short"|Rex/)
  assert.equal(again.callbacks[1].input[0].value, 'Ann')
  const only = (await next(again, { ...answers('ann'), IDToken1validateOnly: true })).json
  assert.ok(only.authId)
  assert.equal(await findByUsername(alpha, 'ann'), undefined)
  const last = { ...answers('ann'), IDToken1validateOnly: false }
  const done = await Promise.all([next(only, last), next(only, last), next(only, last)])
  assert.deepEqual(new Set(done.map(({ status }) => status)), new Set([200]))
  assert.equal(new Set(done.map(({ json }) => json.tokenId)).size, 1)
  const ann = await findByUsername(alpha, 'ann')
  assert.ok(ann !== undefined)
  assert.deepEqual(
    [ann.attributes.email, noteOf(ann, 'loginCount'), noteOf(ann, 'kbaInfo')?.length],
    ['ann@example.com', 1, 1],
  )
  assert.equal(noteOf(ann, 'termsAccepted')?.termsVersion, '1')
  assert.equal((await readSession(alpha, done[0]?.json.tokenId))?.username, 'ann')
})

test('PingAM: answers of other types than those asked for are asked again, or refused, and nothing breaks', async () => {
  for (const wrong of [null, 7, true, '', 'x'.repeat(10_000), '\ud800'])
    for (const name of Object.keys(answers('x'))) {
      const { json } = await start('Registration')
      const { status } = await next(json, { ...answers('other'), IDToken7: false, [name]: wrong })
      assert.ok(status === 200 || status === 400, `${name} ${String(wrong)}: ${status}`)
    }
  for (const wrong of [[], {}, ['a']]) {
    const { status } = await next((await start('Entry')).json, both(wrong, 'x'))
    assert.equal(status, 400)
  }
})
