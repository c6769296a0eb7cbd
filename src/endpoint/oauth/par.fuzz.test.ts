import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { keySet, signer } from '../../../test/assertion.ts'
import { withEvents } from '../../../test/events.ts'
import { elsewhere, redirect_uri, register, secret } from '../../../test/register.ts'
import { trials } from '../../../test/scale.ts'
import { base, basic, challenge, requestOf, world } from '../../../test/world.ts'
import { hostileTexts } from '../../../test/xss.ts'
import type { HttpRequest } from '../../base/http.ts'
import { parseJsonObject } from '../../base/json.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { errors } from '../../protocol/error.ts'

const w = await world()
await register(w, 'one')
await register(w, 'signs', {
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
  keys: { publicKeyLocation: 'jwks', jwkSet: keySet(await signer('RS256')) },
})

const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** What must hold of every answer whatever was asked: P-6, OA-13, H-10, R-7. */
async function holds(http: HttpRequest): Promise<number> {
  const before = await w.records.changeCount()
  const { value, events } = await withEvents(() => w.serve(elsewhere(http)))
  const { status, headers } = value
  assert.deepEqual(
    events.filter(({ level }) => level === 'alarm'),
    [],
  )
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['set-cookie'], undefined)
  assert.equal(headers.location, undefined)
  assert.equal(headers['content-type'], 'application/json;charset=UTF-8')
  const body = parseJsonObject(String(value.body))
  assert.ok(body)
  if (status === 201) {
    assert.deepEqual(Object.keys(body), ['request_uri', 'expires_in'])
    assert.equal(await w.records.changeCount(), before + 1, 'one write')
    return status
  }
  assert.ok(status >= 400 && status < 500, String(status))
  assert.equal(await w.records.changeCount(), before, 'no half-made record')
  assert.deepEqual(Object.keys(body), ['error_description', 'error'])
  assert.ok(Object.hasOwn(errors, String(body.error)))
  assert.match(String(body.error_description), /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,512}$/)
  return status
}

const names = fc.oneof(
  fc.constantFrom(
    ...Object.keys(authorizationRequest),
    'client_id',
    'client_secret',
    'client_assertion',
    'client_assertion_type',
    'grant_type',
    '__proto__',
    'constructor',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const oneWord = fc.constantFrom(
  'code',
  'token',
  'id_token',
  'none',
  'openid',
  'write',
  'login',
  'consent',
  'S256',
  'plain',
  'form_post',
  'allow',
  'on',
  '0',
  '60',
  'Login',
  'one',
  redirect_uri,
  challenge,
  '{"id_token":{"acr":{"values":["a"],"essential":true}}}',
  '{"userinfo":null}',
  'eyJhbGciOiJub25lIn0.e30.',
)
const values = fc.oneof(
  oneWord,
  fc.array(oneWord, { maxLength: 4 }).map((list) => list.join(' ')),
  fc.constantFrom(...hostileTexts).filter((text) => text.isWellFormed()),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 2000 }),
  fc.json(),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
)
const changes = fc.array(fc.tuple(names, values), { maxLength: 8 })

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

test(`P-6 ${trials(100_000)} forms near a good one: no 5xx, no half-made record, OAuth's JSON`, async () => {
  const seen = new Set<number>()
  const property = fc.asyncProperty(changes, async (pairs) => {
    const form = new Map<string, string>(Object.entries(good))
    for (const [name, value] of pairs) form.set(name, value)
    const body = [...form].map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
    const headers = { authorization: basic('one', secret) }
    seen.add(await holds(requestOf('POST', `${base}/par`, { form: body, headers })))
  })
  await fc.assert(property, { numRuns: trials(100_000) })
  assert.ok(seen.has(201) && seen.has(400))
})

test(`P-6 ${trials(50_000)} forms with pairs cut, repeated and badly encoded`, async () => {
  const raw = fc.stringMatching(/^[%a-f0-9&=+;?#[\]{}"'<> ]{0,40}$/)
  const property = fc.asyncProperty(raw, fc.nat(), raw, async (front, at, back) => {
    const text = new URLSearchParams(good).toString()
    const cut = at % text.length
    const body = `${front}${text.slice(0, cut)}${back}${text.slice(cut)}`
    const headers = { authorization: basic('one', secret) }
    await holds(requestOf('POST', `${base}/par`, { form: body, headers }))
  })
  await fc.assert(property, { numRuns: trials(50_000) })
})

test(`P-6, H-7 ${trials(50_000)} bodies of any bytes`, async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basic('one', secret),
    }
    await holds(requestOf('POST', `${base}/par`, { body: bytes, headers }))
  })
  await fc.assert(property, { numRuns: trials(50_000) })
})

test(`P-6, K-10 ${trials(10_000)} headers of any kind`, async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 60 }),
    fc.string({ maxLength: 30 }).map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
    fc.constantFrom(
      'application/x-www-form-urlencoded',
      'application/json',
      basic('one', secret),
      basic('one', 'x'),
      'Bearer x',
    ),
  )
  const name = fc.constantFrom(
    'authorization',
    'content-type',
    'dpop',
    'origin',
    'accept',
    'cookie',
    'x-forwarded-host',
    '__proto__',
  )
  const property = fc.asyncProperty(fc.dictionary(name, value), async (headers) => {
    await holds(requestOf('POST', `${base}/par`, { form: good, headers }))
  })
  await fc.assert(property, { numRuns: trials(10_000) })
})

test(`P-6, K-12 ${trials(20_000)} assertions of any text and any claims`, async () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 60 }),
    fc
      .tuple(fc.json(), fc.json(), fc.base64String())
      .map((parts) => parts.map((p) => Buffer.from(p).toString('base64url')).join('.')),
    fc
      .dictionary(fc.constantFrom('iss', 'sub', 'aud', 'exp', 'jti', 'alg'), fc.jsonValue())
      .map((claims) => {
        const header = { alg: 'RS256', ...claims }
        const encoded = [header, { ...claims, sub: 'signs' }].map((part) =>
          Buffer.from(JSON.stringify(part)).toString('base64url'),
        )
        return `${encoded.join('.')}.AAAA`
      }),
  )
  const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  const property = fc.asyncProperty(anything, async (text) => {
    const client_assertion = text.toWellFormed()
    const form = { ...good, client_assertion, client_assertion_type }
    await holds(requestOf('POST', `${base}/par`, { form }))
  })
  await fc.assert(property, { numRuns: trials(20_000) })
})
