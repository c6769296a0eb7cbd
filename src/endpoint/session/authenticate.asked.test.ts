import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { people, request, setCookies } from '../../../test/people.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import type { HttpResponse } from '../../base/http.ts'
import { failure, success } from '../../journey/built-in/journey.ts'
import { readSession } from '../../session/session.ts'
import { authenticate } from './authenticate.ts'

const world = await people()
const word = { type: 'PasswordCollectorNode', to: { outcome: 'check' } }
const check = { type: 'DataStoreDecisionNode', to: { true: success, false: failure } }
const page = {
  page: {
    type: 'PageNode',
    settings: {
      nodes: [
        { _id: 'name', nodeType: 'UsernameCollectorNode' },
        { _id: 'word', nodeType: 'PasswordCollectorNode' },
      ],
      pageHeader: { en: 'Hello', de_DE: 'Hallo' },
    },
    to: { outcome: 'check' },
  },
  check,
  name: { type: 'UsernameCollectorNode' },
  word: { type: 'PasswordCollectorNode' },
}
const alpha = await withTrees(world.alpha, {
  Again: tree(page, { mustRun: true }),
  Forgotten: tree(page, { noSession: true }),
  Broken: tree({ word, check }),
})

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
type Read = any
type Answer = HttpResponse & { readonly json: Read }

async function post(query: string, body: unknown = '', cookie?: string): Promise<Answer> {
  const headers = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }
  const text = body === '' ? '' : JSON.stringify(body)
  const sent =
    cookie === undefined ? headers : { ...headers, cookie: `iPlanetDirectoryPro=${cookie}` }
  const answer = await authenticate.handle(
    alpha,
    request('POST', `/authenticate?${query}`, sent, text),
  )
  return { ...answer, json: JSON.parse(String(answer.body)) }
}

function filled(step: Read, ...values: string[]): Read {
  const callbacks = step.callbacks.map((each: Read, i: number) => ({
    ...each,
    input: [{ ...each.input[0], value: values[i] ?? '' }],
  }))
  return { ...step, callbacks }
}

/** A session by a journey, whose query stands on every step, as the older SDK has it. */
async function logIn(query: string, cookie?: string, more = query): Promise<Answer> {
  const step = await post(query, '', cookie)
  assert.ok(step.json.authId, String(step.body))
  return post(more, filled(step.json, 'demo', 'Ch4ng31t'), cookie)
}

const named = (journey: string) => `authIndexType=service&authIndexValue=${journey}`

test('PingAM: authn-rest a step says whom it is for as AM does, and is kept by nobody else', async () => {
  const step = await post(named('Login'))
  const { headers } = step
  assert.deepEqual(
    ['cache-control', 'pragma', 'expires', 'x-frame-options', 'content-api-version'].map(
      (name) => headers[name],
    ),
    ['private', 'no-cache', '0', 'SAMEORIGIN', 'resource=2.1'],
  )
  assert.deepEqual([...setCookies(step).keys()], ['amlbcookie'])
  const claims = JSON.parse(Buffer.from(step.json.authId.split('.')[1], 'base64url').toString())
  assert.match(claims.otk, /^[\da-v]{26}$/)
  const plain = await post('')
  const none = JSON.parse(Buffer.from(plain.json.authId.split('.')[1], 'base64url').toString())
  assert.deepEqual(Object.keys(none), ['otk', 'realm', 'sessionId', 'exp', 'iat'])
})

test('PingAM: authn-rest a type that nobody knows, and one that nothing is configured for, are refused', async () => {
  const refusals = [
    ['authIndexType=chain&authIndexValue=x', 'Unknown Authentication Index Type'],
    ['authIndexType=module&authIndexValue=DataStore', 'No Configuration found'],
    ['authIndexType=service&authIndexValue=Missing', 'No Configuration found'],
  ] as const
  for (const [query, message] of refusals) {
    const { status, json } = await post(query)
    assert.deepEqual([status, json], [400, { code: 400, reason: 'Bad Request', message }])
  }
  for (const [authId, message] of [
    ['x', 'Failed to parse JWT'],
    ['eyJ.eyJ.x', 'AuthId JWT Signature not valid'],
  ]) {
    const { status, json } = await post('', { authId, callbacks: [] })
    assert.deepEqual([status, json.message], [400, message])
  }
})

test('a resource is taken up to 2048 bytes, and each step of such a login can be answered; a longer one is refused', async () => {
  const at = (value: string) => `authIndexType=resource&authIndexValue=${encodeURIComponent(value)}`
  for (const value of ['a'.repeat(2048), 'ü'.repeat(1024), '"'.repeat(1024)]) {
    const { status, json } = await post(at(value))
    assert.equal(status, 200)
    assert.ok((await post('', { authId: json.authId })).json.authId)
  }
  const message = 'The resource is longer than 2048 bytes'
  for (const value of [
    'a'.repeat(2049),
    'ü'.repeat(1025),
    '\u0001'.repeat(342),
    'a'.repeat(60_000),
  ])
    assert.deepEqual((await post(at(value))).json, { code: 400, reason: 'Bad Request', message })
})

test('PingAM: authn-rest the session there is serves its own journey, but not one that must run', async () => {
  const { tokenId } = (await logIn(named('Again'))).json
  assert.ok((await post(named('Again'), '', tokenId)).json.authId)
  assert.ok((await post(named('Login'), '', tokenId)).json.authId)
  assert.equal((await post('', '', tokenId)).json.tokenId, '')
  assert.ok((await post('ForceAuth=true', '', tokenId)).json.authId)
  assert.ok((await post('arg=newsession', '', tokenId)).json.authId)
  const other = (await logIn(named('Login'), tokenId)).json.tokenId
  assert.equal((await post(named('Login'), '', other)).json.tokenId, '')
  assert.equal(await readSession(alpha, tokenId), undefined)
  assert.ok((await post('authIndexType=level&authIndexValue=1', '', other)).json.authId)
  assert.equal((await post('authIndexType=level&authIndexValue=0', '', other)).json.tokenId, '')
})

test('PingAM: authn-rest a level that the journey does not come to is no login', async () => {
  const query = 'authIndexType=level&authIndexValue=1'
  const { events } = await withEvents(async () => {
    assert.equal((await logIn(query)).json.message, 'Login failure')
  })
  const reason = 'it ends at level 0, and 1 was asked for'
  const [{ fields }] = events.filter(({ name }) => name === 'journey.failed') as [Read]
  assert.deepEqual(fields, { realm: '/alpha', journey: 'Login', reason })
})

test('PingAM: authn-rest sessionUpgradeSSOTokenId names the session that is replaced', async () => {
  const { tokenId } = (await logIn(named('Login'))).json
  const query = `${named('Again')}&sessionUpgradeSSOTokenId=${tokenId}`
  const same = `${named('Login')}&sessionUpgradeSSOTokenId=${tokenId}`
  assert.equal((await post(same)).json.tokenId, '')
  const upgraded = (await logIn(query)).json.tokenId
  assert.equal(await readSession(alpha, tokenId), undefined)
  assert.equal((await readSession(alpha, upgraded))?.journey, 'Again')
})

test('PingAM: authn-rest a journey without a session answers with neither token nor cookie', async () => {
  const answer = await logIn(named('Forgotten'))
  assert.deepEqual(answer.json, { successUrl: '/enduser/?realm=/alpha', realm: '/alpha' })
  assert.equal(answer.headers['set-cookie'], undefined)
})

test('PingAM: authn-rest goto and gotoOnFail of this server lead on, whichever step carries them', async () => {
  const at = encodeURIComponent('/am/x')
  assert.equal((await logIn('', undefined, `goto=${at}`)).json.successUrl, '/am/x')
  for (const [query, failureUrl] of [
    [`gotoOnFail=${at}`, '/am/x'],
    ['gotoOnFail=https%3A%2F%2Fevil.example%2F', ''],
  ]) {
    const failed = await post(String(query), filled((await post('')).json, 'demo', 'wrong'))
    assert.deepEqual([failed.status, failed.json.detail], [401, { failureUrl }])
  }
})

test('PingAM: authn-rest locale goes before what the browser says', async () => {
  const header = async (query: string) => (await post(`${named('Again')}&${query}`)).json.header
  assert.equal(await header('locale=de_DE'), 'Hallo')
  assert.equal(await header('locale=fr'), 'Hello')
  assert.equal(await header(encodeURI('locale=../../x')), 'Hello')
})

test('PingAM: a node that cannot do its work ends the journey; why, the log has, and no client', async () => {
  const step = await post(named('Broken'))
  const { events } = await withEvents(async () => {
    const failed = await post('', filled(step.json, 'Ch4ng31t'))
    assert.deepEqual(failed.json, {
      ...{ code: 401, reason: 'Unauthorized', message: 'Login failure' },
      detail: { failureUrl: '' },
    })
  })
  const [{ fields }] = events.filter(({ name }) => name === 'journey.failed') as [Read]
  const reason = 'username or password not present in state'
  assert.deepEqual(fields, { realm: '/alpha', journey: 'Broken', node: 'check', reason })
})
