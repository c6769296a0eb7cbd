import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieValue, people, request, setCookies, start } from '../../../test/people.ts'
import type { HttpResponse } from '../../base/http.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { readSession } from '../../session/session.ts'
import { authenticate } from './authenticate.ts'

const version = { 'accept-api-version': 'resource=2.0, protocol=1.0' }
const typed = { ...version, 'content-type': 'application/json' }
const rightHeaders = { ...version, 'x-openam-username': 'demo', 'x-openam-password': 'Ch4ng31t' }

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
type Read = any

async function post(
  realm: Realm,
  query: string,
  headers: Record<string, string>,
  body: unknown = '',
  origin = 'http://localhost:8080',
): Promise<HttpResponse & { json: Read }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const http = request('POST', `/authenticate?${query}`, headers, text, { origin })
  const response = await authenticate.handle(realm, http)
  return { ...response, json: response.body === '' ? undefined : JSON.parse(String(response.body)) }
}

/** A step sent back with its inputs filled. */
function filled(step: Read, ...values: string[]): Read {
  const callbacks = step.callbacks.map((callback: Read, i: number) => ({
    ...callback,
    input: [{ ...callback.input[0], value: values[i] ?? '' }],
  }))
  return { ...step, callbacks }
}

test('PingAM: authn-rest name and password in headers log in at once', async () => {
  const { alpha, demo } = await people()
  const answer = await post(alpha, '', rightHeaders)
  assert.equal(answer.status, 200)
  assert.deepEqual(Object.keys(answer.json), ['tokenId', 'successUrl', 'realm'])
  assert.equal(answer.json.successUrl, '/enduser/?realm=/alpha')
  assert.equal(answer.json.realm, '/alpha')
  assert.equal(answer.headers['content-api-version'], 'resource=2.1')
  const [device, ...cookies] = [...setCookies(answer).values()].reverse()
  assert.deepEqual(cookies.reverse(), [
    `iPlanetDirectoryPro=${answer.json.tokenId}; Path=/; HttpOnly; SameSite=Lax`,
    'amlbcookie=01; Path=/; HttpOnly; SameSite=Lax',
  ])
  assert.match(String(device), /^parapet-device=[\w-]{38}; Max-Age=\d+; .*HttpOnly; SameSite=Lax$/)
  const session = await readSession(alpha, answer.json.tokenId)
  assert.deepEqual([session?.sub, session?.journey], [demo.sub, 'Login'])
})

test('PingAM: authn-rest an empty body and {} are alike, with and without a journey', async () => {
  const { alpha, root } = await people()
  const typedRight = { ...rightHeaders, 'content-type': 'application/json' }
  for (const body of ['', '{}']) {
    assert.ok((await post(alpha, '', typedRight, body)).json.tokenId)
    const named = await post(alpha, 'authIndexType=service&authIndexValue=Login', typedRight, body)
    assert.ok(named.json.tokenId)
    assert.ok((await post(alpha, 'authIndexType=service', typedRight, body)).json.tokenId)
  }
  const admin = { ...version, 'x-openam-username': 'amadmin', 'x-openam-password': 'secret admin' }
  assert.equal((await post(root, '', admin)).json.realm, '/')
})

test('PingAM: authn-rest credentials beyond ASCII come as encoded words', async () => {
  const { alpha } = await people()
  const { createEndUser } = await import('../../user/end-user.ts')
  await createEndUser(alpha, { username: 'zoë', password: 'pässwörd €' })
  const word = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`
  const headers = (name: string, password: string) => ({
    ...version,
    'x-openam-username': word(name),
    'x-openam-password': word(password),
  })
  assert.equal((await post(alpha, '', headers('zoë', 'pässwörd €'))).status, 200)
  assert.equal((await post(alpha, '', headers('demo', 'Ch4ng31t'))).status, 200)
  assert.equal((await post(alpha, '', headers('zoë', 'passwort'))).status, 401)
})

test('PingAM: authn-rest a wrong login is 401, in AM’s words, without a cookie', async () => {
  const { alpha } = await people()
  for (const name of ['demo', 'nobody']) {
    const headers = { ...version, 'x-openam-username': name, 'x-openam-password': 'wrong' }
    const answer = await post(alpha, '', headers)
    assert.equal(answer.status, 401)
    assert.equal(
      answer.body,
      '{"code":401,"reason":"Unauthorized","message":"Login failure","detail":{"failureUrl":""}}',
    )
    assert.equal(answer.headers['set-cookie'], undefined)
  }
})

test('PingAM: callbacks are asked, sent back filled, and answered with a session', async () => {
  const { alpha } = await people()
  for (const query of ['authIndexType=service&authIndexValue=Login', '']) {
    const first = await post(alpha, 'authIndexType=service&authIndexValue=Login', typed)
    assert.equal(first.status, 200)
    assert.deepEqual(Object.keys(first.json), ['authId', 'callbacks'])
    assert.deepEqual(
      first.json.callbacks.map((each: Read) => [each.type, each.input[0].name, each._id]),
      [
        ['NameCallback', 'IDToken1', 0],
        ['PasswordCallback', 'IDToken2', 1],
      ],
    )
    const done = await post(alpha, query, typed, filled(first.json, 'demo', 'Ch4ng31t'))
    assert.equal(done.status, 200)
    assert.ok(await readSession(alpha, done.json.tokenId))
    assert.equal(cookieValue(done, 'iPlanetDirectoryPro'), done.json.tokenId)
    const failed = await post(alpha, query, typed, filled(first.json, 'demo', 'wrong'))
    assert.equal(failed.status, 401)
    assert.equal(failed.json.authId, undefined)
  }
})

test('PingAM: with noSession=true there is neither token nor cookie', async () => {
  const { alpha } = await people()
  const zeroPage = await post(alpha, 'noSession=true', rightHeaders)
  assert.deepEqual(zeroPage.json, { successUrl: '/enduser/?realm=/alpha', realm: '/alpha' })
  assert.equal(zeroPage.headers['set-cookie'], undefined)
  const first = await post(alpha, 'noSession=true', typed)
  const done = await post(alpha, 'noSession=true', typed, filled(first.json, 'demo', 'Ch4ng31t'))
  assert.deepEqual(done.json, { successUrl: '/enduser/?realm=/alpha', realm: '/alpha' })
})

test('PingAM: a browser that has a session is told so with an empty tokenId, unless another login is asked', async () => {
  const { alpha, root } = await people()
  const { tokenId } = (await post(alpha, '', rightHeaders)).json
  const cookie = `iPlanetDirectoryPro=${tokenId}`
  const withCookie = { ...typed, cookie }
  const again = await post(alpha, '', withCookie)
  assert.deepEqual(again.json, {
    tokenId: '',
    successUrl: '/enduser/?realm=/alpha',
    realm: '/alpha',
  })
  assert.equal(again.headers['set-cookie'], undefined)
  const same = await post(alpha, 'authIndexType=service&authIndexValue=Login', withCookie)
  assert.equal(same.json.tokenId, '')
  const stepUp = await post(alpha, 'authIndexType=service&authIndexValue=Password', withCookie)
  assert.deepEqual(
    stepUp.json.callbacks.map((each: Read) => each.type),
    ['PasswordCallback'],
  )
  assert.ok((await post(alpha, 'ForceAuth=true', withCookie)).json.authId)
  assert.ok((await post(root, '', withCookie)).json.authId)
})

test('B-2 a login and a step-up give a new session, and the old token is worthless', async () => {
  const { alpha } = await people()
  const first = (await post(alpha, '', rightHeaders)).json.tokenId
  const second = await post(alpha, '', { ...rightHeaders, cookie: `iPlanetDirectoryPro=${first}` })
  assert.notEqual(second.json.tokenId, first)
  assert.equal(await readSession(alpha, first), undefined)
  const headers = { ...typed, cookie: `iPlanetDirectoryPro=${second.json.tokenId}` }
  const ask = await post(alpha, 'authIndexType=service&authIndexValue=Password', headers)
  const wrong = await post(alpha, '', headers, filled(ask.json, 'wrong'))
  assert.equal(wrong.status, 401)
  assert.ok(await readSession(alpha, second.json.tokenId))
  const once = await post(alpha, 'authIndexType=service&authIndexValue=Password', headers)
  const third = await post(alpha, '', headers, filled(once.json, 'Ch4ng31t'))
  assert.equal(await readSession(alpha, second.json.tokenId), undefined)
  assert.equal((await readSession(alpha, third.json.tokenId))?.journey, 'Password')
})

test('PingAM: an unknown journey, one not enabled, or another kind of index has no configuration', async () => {
  const { alpha } = await people({ journeys: ['Login'] })
  const queries = [
    'authIndexType=service&authIndexValue=Password',
    'authIndexType=service&authIndexValue=__proto__',
    'authIndexType=transaction&authIndexValue=Login',
    'authIndexType=module&authIndexValue=DataStore',
  ]
  for (const query of queries) {
    const answer = await post(alpha, query, typed)
    assert.equal(answer.status, 400)
    assert.equal(
      answer.body,
      '{"code":400,"reason":"Bad Request","message":"No Configuration found"}',
    )
  }
  const { alpha: other, clock } = await people()
  const ask = await post(other, 'authIndexType=service&authIndexValue=Password', typed)
  const narrow: Realm = { ...other, provider: { ...other.provider, journeys: ['Login'] } }
  assert.equal((await post(narrow, '', typed, filled(ask.json, 'demo', 'x'))).status, 400)
  assert.equal(clock.now, start)
})

test('PingAM: an authId that took too long says errorCode 110, a false one is refused', async () => {
  const { alpha, clock } = await people()
  const ask = await post(alpha, '', typed)
  clock.now = start + 300
  const late = await post(alpha, '', typed, filled(ask.json, 'demo', 'Ch4ng31t'))
  assert.equal(late.status, 401)
  assert.equal(late.json.detail.errorCode, '110')
  clock.now = start
  for (const authId of ['x', '', 7, null, [], {}, `${ask.json.authId}x`]) {
    const answer = await post(alpha, '', typed, { ...filled(ask.json, 'demo', 'Ch4ng31t'), authId })
    assert.equal(answer.status, 400)
    assert.equal(answer.json.tokenId, undefined)
  }
})

test('PingAM: an authId without callbacks is asked again, broken callbacks are refused', async () => {
  const { alpha } = await people()
  const { authId } = (await post(alpha, '', typed)).json
  assert.equal((await post(alpha, '', typed, { authId })).json.callbacks.length, 2)
  for (const callbacks of [{}, 'x', [null], [{ input: [{ name: 'IDToken1', value: {} }] }]]) {
    assert.equal((await post(alpha, '', typed, { authId, callbacks })).status, 400)
  }
})

test('R-6 successUrl is the goto of this server, else the default', async () => {
  const { alpha } = await people()
  const own = 'http://localhost:8080/am/oauth2/alpha/authorize?client_id=c&request_uri=urn:x'
  const ask = async (goto: string) =>
    (await post(alpha, `goto=${encodeURIComponent(goto)}`, rightHeaders)).json.successUrl
  assert.equal(await ask(own), own)
  for (const goto of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/%09/evil.example',
    'javascript:alert(1)',
    'http://localhost:8080@evil.example/am/',
  ]) {
    assert.equal(await ask(goto), '/enduser/?realm=/alpha')
  }
})

test('PingAM: rest-api-csrf a login without AM’s headers is refused before anything is looked at', async () => {
  const { alpha } = await people()
  const { 'accept-api-version': _, ...bare } = rightHeaders
  const refused = await post(alpha, '', bare)
  assert.equal(refused.status, 403)
  assert.equal(refused.headers['set-cookie'], undefined)
  const sdk = await post(alpha, '', { ...bare, 'x-requested-with': 'forgerock-sdk' })
  assert.equal(sdk.status, 200)
  assert.equal(sdk.headers.warning?.length, 2)
  const strange = await post(alpha, '', { ...bare, 'accept-api-version': 'resource=42.0' })
  assert.deepEqual([strange.status, strange.body], [404, ''])
})

test('C-13 H-2 repeats and bodies that are no JSON are refused', async () => {
  const { alpha } = await people()
  const calls = [
    () => post(alpha, 'goto=/am/&goto=/am/', rightHeaders),
    () => post(alpha, '', { ...version, 'content-type': 'text/plain' }, '{}'),
    () => post(alpha, '', typed, '{"authId":"a","authId":"b"}'),
    () => post(alpha, '', typed, '[]'),
    () => post(alpha, '%zz=1', rightHeaders),
  ]
  for (const call of calls) {
    await assert.rejects(call, (e) => e instanceof OAuthError && e.status >= 400 && e.status < 500)
  }
})

test('T-8 members of every object are no names here', async () => {
  const { alpha } = await people()
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then']
  for (const name of names) {
    const body = `{"${name}":{"authId":"x"},"callbacks":[{"${name}":1,"input":[{"name":"${name}","value":"x"}]}]}`
    assert.ok((await post(alpha, `${name}=x`, typed, body)).json.authId)
    const { authId } = (await post(alpha, '', typed)).json
    const callbacks = [{ input: [{ name, value: 'x' }] }]
    assert.equal((await post(alpha, '', typed, { authId, callbacks })).status, 200)
    const headers = { ...version, 'x-openam-username': name, 'x-openam-password': name }
    assert.equal((await post(alpha, '', headers)).status, 401)
  }
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before)
})

test('H-8 P-18 visits and failed logins store nothing', async () => {
  const { alpha } = await people()
  await post(alpha, '', { ...rightHeaders, 'x-openam-password': 'wrong' })
  const before = [alpha.records.changeCount(), alpha.settings.changeCount()]
  for (let i = 0; i < 1000; i++) await post(alpha, '', typed)
  const { authId } = (await post(alpha, '', typed)).json
  for (let i = 0; i < 1000; i++) await post(alpha, '', typed, { authId })
  for (let i = 0; i < 20; i++) {
    const headers = { ...version, 'x-openam-username': `u${i}`, 'x-openam-password': 'x' }
    assert.equal((await post(alpha, '', headers)).status, 401)
  }
  assert.deepEqual([alpha.records.changeCount(), alpha.settings.changeCount()], before)
})

test('B-7 on https the cookie is Secure with SameSite=None', async () => {
  const { alpha } = await people()
  const answer = await post(alpha, '', rightHeaders, '', 'https://as.example')
  const [session = ''] = [...setCookies(answer).values()]
  assert.match(session, /; Path=\/; Secure; HttpOnly; SameSite=None$/)
})
