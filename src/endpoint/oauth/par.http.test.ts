import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../../test/cpu.ts'
import { elsewhere, post, redirect_uri, register, secret } from '../../../test/register.ts'
import type { Sent } from '../../../test/world.ts'
import { base, basic, bodyOf, challenge, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const origin = 'https://app.example'
const w = await world({ alpha: { parapetConfig: { corsOrigins: [origin] } } })
await register(w, 'one')

const authorization = basic('one', secret)
const good = new URLSearchParams({
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}).toString()

/** A push of raw bytes, rightly authenticated, that is refused and leaves nothing behind. */
async function refused(
  sent: Pick<Sent, 'body' | 'headers'>,
  says: string,
  more: readonly string[] = [],
): Promise<void> {
  const before = w.records.changeCount()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization,
    ...sent.headers,
  }
  const http = requestOf('POST', `${base}/par`, { body: sent.body ?? good, headers })
  const response = await w.serve(elsewhere({ ...http, rawHeaders: [...http.rawHeaders, ...more] }))
  assert.equal(response.status, 400, String(response.body))
  assert.deepEqual(bodyOf(response), { error_description: says, error: 'invalid_request' })
  assert.equal(w.records.changeCount(), before)
}

const notThisType = 'Invalid Content Type'
const types: readonly string[] = [
  '',
  'application/json',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/x-www-form-urlencoded-x',
  'x/application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded, application/json',
  'application/x-www-form-urlencoded\u000b',
  'application/x-www-form-urlencoded\u00a0',
  'application/x-www-form-urlencoded; charset=utf-7',
  'application/x-www-form-urlencoded; charset=utf-8; charset=utf-7',
  'application/x-www-form-urlencoded;x=y;CHARSET=UTF-16',
  'application/x-www-form-urlencoded; charset="utf-16le"',
  'application/x-www-form-urlencoded; charset=UTF-16BE',
]
for (const type of types) {
  test(`H-2 content type ${JSON.stringify(type)}: ${notThisType}`, () =>
    refused({ headers: { 'content-type': type } }, notThisType))
}

test('H-2 no content type, and two of them', async () => {
  const http = requestOf('POST', `${base}/par`, { body: good, headers: { authorization } })
  const response = await w.serve(elsewhere(http))
  assert.equal(bodyOf(response).error_description, notThisType)
  await refused({}, notThisType, ['Content-Type', 'application/json'])
})

for (const type of [
  'application/x-www-form-urlencoded',
  'APPLICATION/X-WWW-FORM-URLENCODED',
  'application/x-www-form-urlencoded;charset=UTF-8',
  'application/x-www-form-urlencoded ; charset="utf-8"',
  // What Apache HttpClient says of every form.
  'application/x-www-form-urlencoded; charset=ISO-8859-1',
  'application/x-www-form-urlencoded; charset=us-ascii',
  'application/x-www-form-urlencoded; charset="windows-1252"; charset=utf-8',
  'application/x-www-form-urlencoded; charset=',
]) {
  test(`H-2 content type ${type} is right`, async () => {
    const headers = { 'content-type': type, authorization }
    const http = requestOf('POST', `${base}/par`, { body: good, headers })
    assert.equal((await w.serve(elsewhere(http))).status, 201)
  })
}

test('RFC 6749 appendix B a form is UTF-8, whatever it says of itself', async () => {
  const type = 'application/x-www-form-urlencoded; charset=ISO-8859-1'
  const headers = { 'content-type': type, authorization }
  const body = Buffer.from(`${good}&state=h\xe4llo`, 'latin1')
  const http = requestOf('POST', `${base}/par`, { body, headers })
  assert.equal(bodyOf(await w.serve(elsewhere(http))).error_description, notUtf8)
})

const notWellFormed = 'The request is not well-formed.'
const notUtf8 = 'The request is not UTF-8 text.'
const encodings: [name: string, body: string | Uint8Array, says: string][] = [
  ['a lone %', `${good}&state=%`, notWellFormed],
  ['%zz', `${good}&state=%zz`, notWellFormed],
  ['a lone % in a name', `${good}&%=x`, notWellFormed],
  ['an overlong slash', `${good}&state=%c0%af`, notWellFormed],
  ['an encoded surrogate', `${good}&state=%ed%a0%80`, notWellFormed],
  ['a cut sequence', `${good}&state=%e2%82`, notWellFormed],
  ['raw bytes that are no UTF-8', Buffer.from(`${good}&state=\xff`, 'latin1'), notUtf8],
  ['a raw overlong slash', Buffer.from(`${good}&state=\xc0\xaf`, 'latin1'), notUtf8],
  ['a NUL', `${good}&state=%00`, 'Invalid parameter state'],
  ['a BOM in front', `%EF%BB%BF${good}`, 'Missing parameter, response_type'],
  ['a raw BOM in front', `\ufeff${good}`, 'Missing parameter, response_type'],
  [
    'another case of a name',
    good.replace('response_type', 'Response_Type'),
    'Missing parameter, response_type',
  ],
]
for (const [name, body, says] of encodings) {
  test(`H-7 ${name}: ${says}`, () => refused({ body }, says))
}

test('H-7 semicolons part nothing', async () => {
  const response = await post(w, '/par', good.replaceAll('&', ';'), { authorization })
  assert.deepEqual([response.status, bodyOf(response).error], [400, 'unsupported_response_type'])
})

test('H-7 + and %20 are both a space, in names too', async () => {
  await register(w, 'spaced')
  for (const scope of ['openid+write', 'openid%20write', 'openid%20%77rite']) {
    const body = good.replace('scope=write', `scope=${scope}`)
    assert.equal((await post(w, '/par', body, { authorization })).status, 201)
  }
  const repeated = 'The request has a duplicate request parameter.'
  await refused({ body: `${good}&a+b=1&a%20b=2` }, repeated)
})

const repeats = ['scope', 'redirect_uri', 'client_id', 'state', 'foo', 'request_uri', '']
for (const name of repeats) {
  test(`C-13, OA-4 ${name || 'no name'} twice, empty or not: duplicate`, async () => {
    const says = 'The request has a duplicate request parameter.'
    const rest = good.replace(new RegExp(`${name || 'x x'}=[^&]*&?`), '')
    await refused({ body: `${rest}&${name}=a&${name}=a` }, says)
    await refused({ body: `${rest}&${name}=&${name}=` }, says)
    await refused({ body: `${rest}&${name}=&${name}=a` }, says)
    if (name !== '') await refused({ body: `${rest}&${name}=a&${name}` }, says)
  })
}

test('C-13, RI-1 resource and audience may repeat: refused for what they are', async () => {
  const body = `${good}&resource=https://a.example&resource=https://b.example`
  const response = await post(w, '/par', body, { authorization })
  assert.equal(bodyOf(response).error, 'invalid_target')
  assert.equal(
    (await post(w, '/par', `${good}&audience=a&audience=b`, { authorization })).status,
    201,
  )
})

const tooLong = 'The request has a parameter that is too long.'
const tooMany = 'The request has more than 200 parameters.'
const sizes: [name: string, body: () => string, says: string][] = [
  ['a parameter above 64 KiB', () => `${good}&login_hint=${'a'.repeat(65_537)}`, tooLong],
  ['a name of a megabyte', () => `${good}&${'n'.repeat(1_000_000)}=1`, tooLong],
  ['201 parameters', () => `${good}${'&x=1'.repeat(196)}`, tooMany],
  ['a hundred thousand parameters', () => `${good}${'&a[]=x'.repeat(100_000)}`, tooMany],
  ['a million separators', () => `${good}${'&'.repeat(1_000_000)}`, tooMany],
  [
    'a scope of 50,000 characters',
    () => good.replace('scope=write', `scope=${'w+'.repeat(25_000)}`),
    'The scope is malformed.',
  ],
]
for (const [name, body, says] of sizes) {
  test(`H-4, C-25 ${name}: ${says}`, async () => {
    const text = body()
    const error = says === 'The scope is malformed.' ? 'invalid_scope' : 'invalid_request'
    const took = await cpuTime(async () => {
      const response = await post(w, '/par', text, { authorization })
      assert.deepEqual(bodyOf(response), { error_description: says, error })
    })
    assert.ok(took < 200, `${took} ms`)
  })
}

test('C-25 a parameter of 64 KiB and 200 parameters are still read', async () => {
  const long = `${good}&login_hint=${'a'.repeat(65_536)}`
  assert.equal((await post(w, '/par', long, { authorization })).status, 201)
  const names = Array.from({ length: 195 }, (_, i) => `&p${i}=1`).join('')
  assert.equal((await post(w, '/par', good + names, { authorization })).status, 201)
})

test('H-4 names that other parsers make objects of are plain names', async () => {
  const body = `${good}&a[__proto__]=1&a[]=2&scope[]=openid&redirect_uri[0]=https://evil.example`
  assert.equal((await post(w, '/par', body, { authorization })).status, 201)
})

const deep: [name: string, claims: () => string][] = [
  ['depth 10,000', () => `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['arrays of depth 30,000', () => '['.repeat(30_000)],
  ['10,000 members', () => `{${Array.from({ length: 10_000 }, (_, i) => `"${i}":1`)}}`],
  [
    'names that collide',
    () => `{"id_token":{${Array.from({ length: 6000 }, (_, i) => `"${i * 65_536}":0`)}}}`,
  ],
  ['an endless string', () => `{"${'\\"'.repeat(15_000)}`],
]
for (const [name, claims] of deep) {
  test(`H-6 claims of ${name}: refused in under 50 ms`, async () => {
    const body = `${good}&claims=${encodeURIComponent(claims()).slice(0, 190_000)}`
    const took = await cpuTime(async () => {
      assert.equal((await post(w, '/par', body, { authorization })).status, 400)
    })
    assert.ok(took < 50, `${took} ms`)
  })
}

const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'post']
for (const method of methods) {
  test(`H-9, PAR-19 ${method}: 405 with Allow`, async () => {
    const response = await w.serve(requestOf(method, `${base}/par`, { form: good }))
    assert.equal(response.status, 405)
    assert.equal(response.headers.allow, 'POST')
    assert.equal(response.headers['cache-control'], 'no-store')
    if (method === 'HEAD') assert.equal(response.body, '')
    else {
      const says = `Required Method: POST found: ${method}`
      assert.deepEqual(bodyOf(response), { error_description: says, error: 'method_not_allowed' })
    }
  })
}

function preflight(from: string): Promise<HttpResponse> {
  const headers = { origin: from, 'access-control-request-method': 'POST' }
  return w.serve(requestOf('OPTIONS', `${base}/par`, { headers }))
}

test('H-9, C-28 a preflight of an allowed origin: 204; of any other: 405', async () => {
  const allowed = await preflight(origin)
  assert.equal(allowed.status, 204)
  assert.equal(allowed.headers['access-control-allow-origin'], origin)
  assert.match(String(allowed.headers['access-control-allow-methods']), /\bPOST\b/)
  assert.equal(allowed.headers.vary, 'Origin')
  for (const other of [
    'null',
    'https://evil.example',
    `${origin}.evil.example`,
    `${origin}:8443`,
  ]) {
    const refusedOne = await preflight(other)
    assert.equal(refusedOne.status, 405)
    assert.equal(refusedOne.headers['access-control-allow-origin'], undefined)
    assert.equal(refusedOne.headers.vary, 'Origin')
  }
})

test('C-28 a web app may read what a push is answered, errors too', async () => {
  for (const body of [good, `${good}&scope=twice`]) {
    const { headers } = await post(w, '/par', body, { authorization, origin })
    assert.equal(headers['access-control-allow-origin'], origin)
    assert.equal(headers['access-control-allow-credentials'], 'true')
  }
})

test('C-5, JAR-13 a request object is looked at before any redirect URI', async () => {
  await register(w, 'two', { core: { redirectionUris: [redirect_uri, `${redirect_uri}2`] } })
  for (const [body, error] of [
    ['request=a.b.c&client_id=one', 'invalid_request_object'],
    [`${good}&request=a.b.c`, 'invalid_request'],
  ] as const) {
    for (const id of ['one', 'two']) {
      const form = body.replace('client_id=one', `client_id=${id}`)
      const response = await post(w, '/par', form, { authorization: basic(id, secret) })
      assert.deepEqual([response.status, bodyOf(response).error], [400, error])
    }
  }
})

const notYet: [name: string, value: string, error: string][] = [
  ['authorization_details', '[]', 'invalid_authorization_details'],
  ['resource', 'https://a.example', 'invalid_target'],
  ['registration', '{}', 'registration_not_supported'],
]
for (const [name, value, error] of notYet) {
  test(`PAR-8 ${name} is refused by its own error, never ignored`, async () => {
    const response = await post(w, '/par', `${good}&${name}=${value}`, { authorization })
    assert.deepEqual([response.status, bodyOf(response).error], [400, error])
  })
}

test('PAR-8, C-26 a DPoP proof that is none is refused, never ignored', async () => {
  const response = await post(w, '/par', good, { authorization, dpop: 'a.b.c' })
  assert.deepEqual([response.status, bodyOf(response).error], [400, 'invalid_dpop_proof'])
})

for (const value of ['urn:ietf:params:oauth:request_uri:x', 'https://evil.example/r', 'x', '%20']) {
  test(`P-3, PAR-7 request_uri=${value} cannot be pushed`, () =>
    refused({ body: `${good}&request_uri=${value}` }, 'Invalid parameter request_uri'))
}
