import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, proof, signer } from '../../test/assertion.ts'
import { encodeForm } from '../base/form.ts'
import { termsOf } from '../client/terms.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { clientMetadata } from '../protocol/client-metadata.ts'
import { type ProfileName, profiles } from '../protocol/profile.ts'
import { readSettings } from '../protocol/setting.ts'
import { type OAuth2Provider, oauth2Provider } from '../realm/oauth2-provider.ts'
import { type LintProfile, lint, lintProfiles, type Violation } from './lint.ts'
import { readRequest } from './read-request.ts'

const issuer = 'https://am.example/am/oauth2'
const now = 1_800_000_000
const key = await signer('ES256')

type Claims = Readonly<Record<string, unknown>>
type Form = Readonly<Record<string, string | undefined>>

/** What everything is in order with, and how one thing of it is not. */
interface Change {
  readonly profile?: ProfileName
  readonly issuer?: string
  readonly realm?: Partial<OAuth2Provider>
  readonly client?: Partial<ClientMetadata>
  /** Claims and header of the request object. */
  readonly object?: Claims
  readonly objectHeader?: Claims
  readonly assertion?: Claims
  readonly assertionHeader?: Claims
  /** The request, where it is another one. */
  readonly request?: string
}

const goodRealm: OAuth2Provider = {
  ...readSettings(oauth2Provider, {}).values,
  codeLifetime: 60,
  parRequestUriLifetime: 90,
  requireSignedRequestObject: true,
  requireSignedAuthorizationResponse: true,
}

const goodClient: ClientMetadata = {
  ...readSettings(clientMetadata, {}).values,
  clientType: 'Confidential',
  redirect_uris: ['https://rp.example/cb'],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  id_token_signed_response_alg: 'ES256',
}

const asked = {
  response_type: 'code',
  redirect_uri: 'https://rp.example/cb',
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  response_mode: 'jwt',
}

function signedPush({ object, objectHeader, assertion: said, assertionHeader }: Change): string {
  const times = { nbf: now - 10, exp: now + 60 }
  const claims = { client_id: 'app', iss: 'app', aud: issuer, ...times, ...asked, ...object }
  const request = assertion(key, claims, objectHeader)
  const own = { ...goodClaims('app', issuer, now), ...said }
  return formOf({ request, ...proof(assertion(key, own, assertionHeader)) })
}

const formOf = (form: Form): string => encodeForm(Object.entries(form))
const plain = (changes: Form = {}): string => formOf({ client_id: 'app', ...asked, ...changes })
const url = (form: Form): string => `${issuer}/authorize?${formOf({ client_id: 'app', ...form })}`

function linted(change: Change, only?: readonly LintProfile[]): readonly Violation[] {
  const provider = { ...goodRealm, ...change.realm }
  const client = { ...goodClient, ...change.client }
  const realm = { provider, profile: profiles[change.profile ?? 'fapi2'] }
  const request = readRequest(change.request ?? signedPush(change))
  assert.ok(typeof request !== 'string', String(request))
  const terms = termsOf(realm, client)
  const of = { realm: { provider, issuer: change.issuer ?? issuer }, terms, client, request, now }
  return lint(of, only)
}

const ping = { profile: 'ping' } as const
const reference = 'urn:ietf:params:oauth:request_uri:x'

/** For each rule what breaks it; `others` where it cannot be broken alone in its profile. */
const broken: Readonly<Record<LintProfile, Readonly<Record<string, Change>>>> = {
  'fapi2-sp': {
    https: { issuer: 'http://am.example/am/oauth2' },
    'password-grant': {
      realm: { grantTypes: ['authorization_code', 'password'] },
      client: { grant_types: ['authorization_code', 'password'] },
    },
    'refresh-rotation': ping,
    'code-lifetime': { realm: { codeLifetime: 61 } },
    'see-other': ping,
    'par-lifetime': { realm: { parRequestUriLifetime: 600 } },
    confidential: { client: { clientType: 'Public' } },
    'sender-constrained': ping,
    'client-authentication': { client: { token_endpoint_auth_method: 'client_secret_basic' } },
    'assertion-audience': ping,
    'response-type': {
      ...ping,
      realm: { grantTypes: ['authorization_code', 'implicit'] },
      client: {
        response_types: ['code', 'token'],
        grant_types: ['authorization_code', 'implicit'],
      },
    },
    pushed: ping,
    challenge: { ...ping, realm: { codeVerifierEnforced: 'false' } },
    'challenge-method': { ...ping, client: { plainChallenge: true } },
    'redirect-uri': ping,
    'redirect-https': { client: { redirect_uris: ['http://rp.example/cb'] } },
    algorithms: { client: { request_object_signing_alg: 'RS256' } },
    'jwks-https': { client: { jwks_uri: 'http://rp.example/jwks' } },
    'request-pushed': { request: url(asked) },
    'request-reference': { request: url({ request_uri: reference, state: 'x' }) },
    'request-response-type': { request: plain({ response_type: 'code id_token' }) },
    'request-challenge': {
      request: plain({ code_challenge: undefined, code_challenge_method: undefined }),
    },
    'request-challenge-method': { request: plain({ code_challenge_method: undefined }) },
    'request-redirect-uri': { request: plain({ redirect_uri: undefined }) },
    'request-redirect-https': { request: plain({ redirect_uri: 'http://rp.example/cb' }) },
    'request-assertion-audience': { assertion: { aud: [issuer] } },
    'request-assertion-algorithm': { assertionHeader: { alg: 'RS256' } },
    'request-object-algorithm': { objectHeader: { alg: 'RS256' } },
    'request-key-address': { objectHeader: { jku: 'https://rp.example/jwks' } },
  },
  'fapi2-ms': {
    signed: { realm: { requireSignedRequestObject: false } },
    'object-audience': ping,
    'object-nbf': ping,
    'object-exp': ping,
    'signed-response': { realm: { requireSignedAuthorizationResponse: false } },
    'request-signed': { request: plain() },
    'request-object-audience': { object: { aud: 'https://other.example' } },
    'request-object-nbf': { object: { nbf: now - 3601, exp: now - 1 } },
    'request-object-exp': { object: { exp: undefined } },
    'request-signed-response': { object: { response_mode: 'query' } },
  },
  'oauth-2.1': {
    'token-in-query': ping,
    'redirect-http': ping,
    'redirect-https': { client: { redirect_uris: ['http://rp.example/cb'] } },
    'redirect-scheme': { client: { clientType: 'Public', redirect_uris: ['app:/cb'] } },
    'assertion-audience': ping,
    'refresh-public': {
      client: {
        clientType: 'Public',
        profile: 'fapi2',
        observedRequirements: ['required_binding'],
      },
    },
    challenge: { profile: 'strict', realm: { codeVerifierEnforced: 'false' } },
    'grant-types': {
      realm: { grantTypes: ['authorization_code', 'implicit'] },
      client: { grant_types: ['authorization_code', 'implicit'] },
    },
    'response-type': {
      profile: 'strict',
      realm: { grantTypes: ['authorization_code', 'implicit'] },
      client: {
        response_types: ['code', 'id_token'],
        grant_types: ['authorization_code', 'implicit'],
      },
    },
    'request-redirect-https': { request: plain({ redirect_uri: 'http://rp.example/cb' }) },
    'request-credentials': { request: url({ ...asked, client_secret: 'secret' }) },
    'request-challenge': { request: plain({ code_challenge: undefined }) },
    'request-challenge-method': { request: plain({ code_challenge_method: 'plain' }) },
    'request-response-type': { request: plain({ response_type: 'token' }) },
  },
  haip: {
    dpop: { realm: { senderConstraint: 'mtls' } },
    'wallet-authentication': { client: { clientType: 'Public' } },
    'request-scope': { request: plain({ scope: undefined }) },
  },
}

test('house: what everything is in order with breaks no rule of any profile', () => {
  assert.deepEqual(linted({}), [])
})

for (const [name, { rules }] of Object.entries(lintProfiles) as [
  LintProfile,
  (typeof lintProfiles)[LintProfile],
][])
  for (const { id, section, says } of rules) {
    const change = broken[name][id] ?? (name === 'haip' ? broken['fapi2-sp'][id] : undefined)
    test(`lint ${name} ${section} ${says}`, () => {
      assert.ok(change !== undefined, `${id} has nothing that breaks it`)
      const found = linted(change, [name]).filter(({ rule }) => rule === id)
      assert.equal(found.length, 1)
      assert.deepEqual([found[0]?.section, found[0]?.says], [section, says])
      assert.ok(found[0]?.found)
      assert.ok(says.endsWith('.') && section.startsWith('§'))
    })
  }

test('house: rules are called by a name of their own in each profile, and nothing is tried that is no rule', () => {
  for (const [name, { rules }] of Object.entries(lintProfiles)) {
    const ids = rules.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    const tried = Object.keys(broken[name as LintProfile])
    assert.deepEqual(
      tried.filter((id) => !ids.includes(id)),
      [],
    )
  }
})

test('lint tells every breach at once, of realm, registration and request', () => {
  const request = url({ response_type: 'token', redirect_uri: 'http://rp.example/cb' })
  const client = { clientType: 'Public', redirect_uris: ['http://rp.example/cb'] } as const
  const found = linted({ profile: 'ping', client, request }, ['fapi2-sp'])
  const rules = new Set(found.map(({ rule }) => rule))
  for (const rule of [
    ...[
      'refresh-rotation',
      'confidential',
      'sender-constrained',
      'client-authentication',
      'pushed',
    ],
    ...['redirect-https', 'request-pushed', 'request-response-type', 'request-challenge'],
    'request-redirect-https',
  ])
    assert.ok(rules.has(rule), rule)
})

test('C-31 lint takes what is only watched for what it is: not enforced', () => {
  const observedRequirements = ['require_pushed', 'required_binding', 'require_challenge']
  const found = linted({ realm: { observedRequirements } }, ['fapi2-sp'])
  assert.deepEqual(
    found.map(({ rule }) => rule),
    ['sender-constrained', 'pushed', 'challenge'],
  )
})

test('lint says nothing of what it cannot read: an encrypted object, an object that lies elsewhere, a reference', () => {
  const parts = ['header', 'key', 'iv', 'text', 'tag'].map((part) =>
    Buffer.from(part).toString('base64url'),
  )
  const requests = [
    formOf({ client_id: 'app', request: parts.join('.') }),
    url({ request_uri: reference }),
  ]
  for (const request of requests) assert.deepEqual(linted({ request }), [])
  const elsewhere = linted({ request: url({ request_uri: 'https://rp.example/object' }) })
  assert.deepEqual(new Set(elsewhere.map(({ rule }) => rule)), new Set(['request-pushed']))
})

for (const [text, problem] of [
  ['', 'there is no request'],
  ['https://', 'the URL cannot be read'],
  ['hello', 'neither a URL nor the form of an authorization request'],
  ['scope=a&scope=b', 'the form is repeated'],
  ['scope=%zz', 'the form is malformed'],
] as const)
  test(`lint of “${text}” says that ${problem}`, () => {
    assert.equal(readRequest(text), problem)
  })
