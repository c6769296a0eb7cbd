import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signer } from '../../../test/assertion.ts'
import { refusedWith } from '../../../test/flow.ts'
import type { Claims } from '../../../test/request-object.ts'
import {
  objectClaims,
  pushObject,
  refusedObject,
  registerSigner,
  signed,
  storedOf,
} from '../../../test/request-object.ts'
import { notes, resource } from '../../../test/resource.ts'
import { base, world } from '../../../test/world.ts'

const w = await world()
const es256 = await signer('ES256')
await registerSigner(w, 'signs', [es256])

interface Case {
  readonly check: string
  readonly changes: Claims
  /** The public reason; undefined: accepted. */
  readonly says?: string
}

const now = w.clock.now
const issuer = base

/** The claims that are no parameters, in profile `ping`. */
const cases: readonly Case[] = [
  { check: 'PAR-24 without iss', changes: { iss: undefined } },
  { check: 'PAR-24 iss of somebody', changes: { iss: 'other' }, says: 'iss is somebody else' },
  { check: 'J-9 iss as an array', changes: { iss: ['signs'] }, says: 'iss is malformed' },
  {
    check: 'JAR-6 no client_id',
    changes: { client_id: undefined },
    says: 'client_id is missing or somebody else',
  },
  {
    check: 'PAR-23 another client_id',
    changes: { client_id: 'other' },
    says: 'client_id is missing or somebody else',
  },
  {
    check: 'PAR-23 client_id as an array',
    changes: { client_id: ['signs'] },
    says: 'client_id is missing or somebody else',
  },
  ...[
    issuer,
    `${issuer}/access_token`,
    `${issuer}/par`,
    [issuer],
    ['https://x.example', issuer],
  ].map((aud) => ({ check: `C-1b aud ${JSON.stringify(aud)}`, changes: { aud } })),
  ...[
    'https://x.example',
    `${issuer}/`,
    issuer.replace('alpha', 'bravo'),
    ['https://x.example'],
  ].map((aud) => ({
    check: `C-1b aud ${JSON.stringify(aud)}`,
    changes: { aud },
    says: 'aud is somebody else',
  })),
  ...[5, {}, [], [[issuer]], '', null].map((aud) => ({
    check: `J-9 aud ${JSON.stringify(aud)}`,
    changes: { aud },
    says: 'aud is malformed',
  })),
  { check: 'RFC 7519 §4.1.4 exp a moment ago', changes: { exp: now - 29 } },
  { check: 'RFC 7519 §4.1.4 exp has passed', changes: { exp: now - 30 }, says: 'exp has passed' },
  { check: 'RFC 7519 §4.1.5 nbf a moment ahead', changes: { nbf: now + 30 } },
  { check: 'RFC 7519 §4.1.5 nbf ahead', changes: { nbf: now + 62 }, says: 'nbf lies ahead' },
  { check: 'RFC 7519 §4.1.6 iat ahead', changes: { iat: now + 62 }, says: 'iat lies ahead' },
  {
    check: 'PingAM: expClaimRequiredInRequestObject off',
    changes: { exp: undefined, nbf: undefined },
  },
  ...['1', Number.NaN, -1, true, {}].map((exp) => ({
    check: `J-9 exp ${String(exp)}`,
    changes: { exp },
    says: 'exp is malformed',
  })),
  { check: 'JAR-19 sub is the client', changes: { sub: 'signs' }, says: 'sub is the client' },
  { check: 'JAR-19 sub is somebody', changes: { sub: 'somebody' } },
  ...['request', 'request_uri', 'client_secret', 'client_assertion', 'client_assertion_type'].map(
    (name) => ({
      check: `P-3, P-10, JAR-1 ${name} inside`,
      changes: { [name]: 'x' },
      says: `${name} does not belong there`,
    }),
  ),
  { check: 'C-35 a jti of any length', changes: { jti: 'j'.repeat(513) }, says: 'jti is too long' },
  { check: 'C-20 claims nobody knows', changes: { foo: { bar: [1] }, toString: 'x' } },
  ...['scope', 'state', 'redirect_uri', 'prompt', 'response_type', 'code_challenge'].flatMap(
    (name) =>
      [5, true, ['write'], { a: 1 }].map((value) => ({
        check: `RFC 9101 §4 ${name} as ${JSON.stringify(value)}`,
        changes: { [name]: value },
        says: `${name} is malformed`,
      })),
  ),
]

const optional = ['login_hint', 'nonce', 'ui_locales', 'acr_values', 'max_age', 'claims', 'prompt']
for (const name of [...optional, 'state', 'id_token_hint', 'authorization_details', 'resource']) {
  test(`RFC 6749 §3.1 ${name} as null is one that was left out`, async () => {
    const { [name]: _, ...bare } = objectClaims(w, 'signs')
    const push = async (claims: Claims) =>
      storedOf(w, await pushObject(w, 'signs', signed(es256, claims)))
    assert.deepEqual(await push({ ...bare, [name]: null }), await push(bare))
  })
}

for (const { check, changes, says } of cases) {
  test(`${check}: ${says ?? 'accepted'}`, async () => {
    const response = await pushObject(w, 'signs', signed(es256, objectClaims(w, 'signs', changes)))
    if (says === undefined) await storedOf(w, response)
    else refusedObject(response, says)
  })
}

const types: readonly (readonly [string, boolean])[] = [
  ['oauth-authz-req+jwt', true],
  ['OAuth-AuthZ-Req+JWT', true],
  ['application/oauth-authz-req+jwt', true],
  ['JWT', true],
  ['at+jwt', false],
  ['dpop+jwt', false],
  ['client-authentication+jwt', false],
  ['logout+jwt', false],
]
for (const [typ, good] of types) {
  test(`JAR-19, FMS-5, JBCP-8 typ ${typ} is ${good ? 'one' : 'none'}`, async () => {
    const response = await pushObject(w, 'signs', signed(es256, objectClaims(w, 'signs'), { typ }))
    if (good) await storedOf(w, response)
    else refusedObject(response, 'a JWT of another kind')
  })
}

test('RFC 8707 §2, RFC 9101 §4 resources of a request object are a text or an array, kept as they stand there', async () => {
  await resource(w, notes)
  await resource(w, 'urn:B%2f?a=%C3%BC&b')
  for (const [sent, kept] of [
    [notes, [notes]],
    [[notes], [notes]],
    [
      ['urn:B%2f?a=%C3%BC&b', notes, notes],
      ['urn:B%2f?a=%C3%BC&b', notes],
    ],
  ] as const) {
    const request = signed(es256, objectClaims(w, 'signs', { resource: sent }))
    assert.deepEqual((await storedOf(w, await pushObject(w, 'signs', request))).resource, kept)
  }
  for (const sent of [[notes, ''], `${notes}#`, [notes, 'urn:none']]) {
    const request = signed(es256, objectClaims(w, 'signs', { resource: sent }))
    refusedWith(await pushObject(w, 'signs', request), 'invalid_target')
  }
})

test('P-13, JAR-2 claims, max_age, authorization_details and resource in their own JSON types', async () => {
  const wanted = { id_token: { acr: null }, userinfo: { name: { essential: true } } }
  const sent = { scope: 'openid', max_age: 300, claims: wanted }
  for (const changes of [sent, { ...sent, max_age: '300', claims: JSON.stringify(wanted) }]) {
    const request = signed(es256, objectClaims(w, 'signs', changes))
    const stored = await storedOf(w, await pushObject(w, 'signs', request))
    assert.equal(stored.max_age, 300)
    assert.deepEqual(stored.claims, wanted)
  }
  for (const [changes, error] of [
    [{ authorization_details: [{ type: 'x' }] }, 'invalid_authorization_details'],
    [{ authorization_details: '[]' }, 'invalid_authorization_details'],
    [{ authorization_details: { type: 'x' } }, 'invalid_request_object'],
    [{ resource: ['https://a.example', 'https://b.example'] }, 'invalid_target'],
    [{ resource: [1] }, 'invalid_request_object'],
    [{ max_age: 1.5 }, 'invalid_request'],
    [{ max_age: -1 }, 'invalid_request'],
    [{ max_age: [1] }, 'invalid_request_object'],
    [{ claims: [] }, 'invalid_request_object'],
    [{ claims: { id_token: 1 } }, 'bad_request'],
  ] as const) {
    const request = signed(es256, objectClaims(w, 'signs', changes))
    refusedWith(await pushObject(w, 'signs', request), error)
  }
})

test('C-13 a member twice in header or claims is refused', async () => {
  const claims = JSON.stringify(objectClaims(w, 'signs'))
  const twice = `${claims.slice(0, -1)},"scope":"openid"}`
  refusedObject(await pushObject(w, 'signs', signed(es256, twice)), 'the payload is no JSON object')
  const deep = claims.replace('"write"', '"write","claims":{"id_token":{"a":null,"a":null}}')
  refusedObject(await pushObject(w, 'signs', signed(es256, deep)), 'the payload is no JSON object')
})
