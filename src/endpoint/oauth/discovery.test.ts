import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { answerOf, authorizeUrl, claimsOf, person, publicTokens } from '../../../test/flow.ts'
import { parsed } from '../../../test/mtls.ts'
import { authority } from '../../../test/pki.ts'
import { post, redirect_uri, register } from '../../../test/register.ts'
import {
  base,
  bodyOf,
  callback,
  origin,
  push,
  pushForm,
  requestOf,
  world,
} from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { profiles } from '../../protocol/profile.ts'
import type { ClientCertificates } from '../../realm/realm.ts'

const w = await world()

function get(path: string, headers: Record<string, string> = {}, at = w): Promise<HttpResponse> {
  return at.serve(requestOf('GET', path, { headers }))
}

async function metadata(issuer = base, at = w): Promise<Record<string, unknown>> {
  const response = await get(`${issuer}/.well-known/openid-configuration`, {}, at)
  assert.equal(response.status, 200)
  return bodyOf(response)
}

/** Every way to write alpha and root (C-19), and the issuer it has. */
const forms: readonly (readonly [string, string, string])[] = [
  ['full', '/am/oauth2/realms/root/realms/alpha', `${origin}/am/oauth2/realms/root/realms/alpha`],
  ['short', '/am/oauth2/alpha', `${origin}/am/oauth2/alpha`],
  ['root, full', '/am/oauth2/realms/root', `${origin}/am/oauth2/realms/root`],
  ['root, bare', '/am/oauth2', `${origin}/am/oauth2`],
]
for (const [name, path, issuer] of forms) {
  test(`META-8, C-19 ${name}: the issuer is the path it was asked by, and so is every endpoint`, async () => {
    const body = await metadata(origin + path)
    assert.equal(body.issuer, issuer)
    const urls = Object.entries(body).filter(([key]) => /(_endpoint|_uri)$/.test(key))
    assert.ok(urls.length === 8)
    for (const [key, value] of urls) assert.ok(String(value).startsWith(`${issuer}/`), key)
  })

  test(`META-6 ${name}: the RFC 8414 address answers the same bytes`, async () => {
    const here = await get(`${path}/.well-known/openid-configuration`)
    const there = await get(`/.well-known/oauth-authorization-server${path}`)
    assert.deepEqual([there.status, there.body], [200, here.body])
    assert.equal(there.headers['content-type'], 'application/json;charset=UTF-8')
  })
}

test('C-19 ?realm=/alpha has the issuer of the short form', async () => {
  const body = bodyOf(await get('/am/oauth2/.well-known/openid-configuration?realm=/alpha'))
  assert.equal(body.issuer, `${origin}/am/oauth2/alpha`)
})

test('C-22, RFC 8414 §2 the version AM names is left out where extras are', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  assert.equal((await metadata()).version, '3.0')
  assert.equal('version' in (await metadata(base, strict)), false)
})

test('C-19 a realm may have one issuer, whatever the path', async () => {
  const fixed = await world({ alpha: { parapetConfig: { issuerForm: 'fixed' } } })
  assert.equal((await metadata(`${origin}/am/oauth2/alpha`, fixed)).issuer, base)
})

test('PingAM: a realm that is not there: 404', async () => {
  for (const path of ['/am/oauth2/nowhere', '/am/oauth2/realms/root/realms/nowhere']) {
    const response = await get(`${path}/.well-known/openid-configuration`)
    assert.equal(response.status, 404)
    assert.equal(bodyOf(response).message, 'Realm "/nowhere" not found')
  }
})

test('ISS-3, C-19 the issuer of a push is the iss of its answer and its tokens, by whatever path it goes on', async () => {
  const short = `${origin}/am/oauth2/alpha`
  const form = { client_id: 'myPublicClient', ...pushForm({ scope: 'openid' }) }
  const request_uri = String(bodyOf(await push(w, form, short)).request_uri)
  const url = authorizeUrl({ client_id: 'myPublicClient', request_uri })
  const done = await (await person(w)).get(url)
  assert.equal(answerOf(done).get('iss'), short)
  const exchange = {
    grant_type: 'authorization_code',
    code: String(answerOf(done).get('code')),
    redirect_uri: callback,
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    client_id: 'myPublicClient',
  }
  const tokens = bodyOf(
    await w.serve(
      requestOf('POST', `${origin}/am/oauth2/access_token?realm=/alpha`, { form: exchange }),
    ),
  )
  assert.equal(claimsOf(tokens.id_token).iss, short)
  assert.equal(claimsOf(tokens.access_token).iss, short)
  const mirrored = await publicTokens(w, { scope: 'openid' })
  assert.equal(claimsOf(mirrored.id_token).iss, (await metadata()).issuer)
})

test('RFC 8414 §2 discovery states what works, and nothing that does not', async () => {
  const body = await metadata()
  assert.equal(body.pushed_authorization_request_endpoint, `${base}/par`)
  assert.equal(body.require_pushed_authorization_requests, false)
  assert.equal(body.authorization_response_iss_parameter_supported, true)
  assert.equal(body.request_parameter_supported, true)
  assert.equal(body.request_uri_parameter_supported, true)
  assert.equal(body.require_request_uri_registration, true)
  assert.equal(body.require_signed_request_object, false)
  assert.deepEqual(body.response_modes_supported, [
    'query',
    'fragment',
    'form_post',
    'jwt',
    'query.jwt',
    'fragment.jwt',
    'form_post.jwt',
  ])
  assert.deepEqual(body.code_challenge_methods_supported, ['plain', 'S256'])
  assert.deepEqual(body.subject_types_supported, ['public', 'pairwise'])
  assert.deepEqual(body.grant_types_supported, [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'implicit',
  ])
  for (const name of [
    'registration_endpoint',
    'device_authorization_endpoint',
    'check_session_iframe',
    'ping_end_idp_session_endpoint',
    'authorization_details_types_supported',
    'tls_client_certificate_bound_access_tokens',
  ])
    assert.equal(name in body, false, name)
  assert.ok(!JSON.stringify(body).includes('pi.flow'))
})

test('META-1, META-3, META-7 what must be there is, and no array is empty', async () => {
  const body = await metadata()
  for (const name of [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'jwks_uri',
    'response_types_supported',
  ])
    assert.ok(name in body, name)
  const methods = body.token_endpoint_auth_methods_supported as string[]
  assert.ok(methods.includes('private_key_jwt') && methods.includes('none'))
  const algorithms = body.token_endpoint_auth_signing_alg_values_supported as string[]
  assert.ok(algorithms.includes('RS256') && !algorithms.includes('none'))
  for (const [name, value] of Object.entries(body))
    if (Array.isArray(value)) assert.ok(value.length > 0, name)
})

test('MTLS-9, MTLS-12, RFC 8414 §2 methods by certificate are stated where one can come in and be checked', async () => {
  const authorities = [parsed(authority('CA'))]
  const named = { advancedOAuth2Config: { tlsClientCertificateTrustedHeader: 'Client-Cert' } }
  const both = ['tls_client_auth', 'self_signed_tls_client_auth']
  const rows: [certificates: ClientCertificates, alpha: JsonObject, stated: string[]][] = [
    [{ asked: false, proxied: false, authorities }, named, []],
    [{ asked: false, proxied: true, authorities }, {}, []],
    [{ asked: true, proxied: false, authorities: [] }, {}, both.slice(1)],
    [{ asked: true, proxied: false, authorities }, {}, both],
    [{ asked: false, proxied: true, authorities }, named, both],
  ]
  const always = [
    'client_secret_basic',
    'client_secret_post',
    'client_secret_jwt',
    'private_key_jwt',
  ]
  for (const [certificates, alpha, stated] of rows) {
    const body = await metadata(base, await world({ alpha, certificates }))
    const binds = stated.length > 0 ? true : undefined
    assert.equal(body.tls_client_certificate_bound_access_tokens, binds)
    for (const [name, more] of [
      ['token_endpoint', ['none']],
      ['revocation_endpoint', ['none']],
      ['introspection_endpoint', []],
    ] as const) {
      assert.deepEqual(body[`${name}_auth_methods_supported`], [...always, ...stated, ...more])
      const algorithms = body[`${name}_auth_signing_alg_values_supported`] as string[]
      assert.ok(algorithms.includes('HS256') && algorithms.includes('Ed25519'))
    }
  }
})

test('RFC 8414 §2 every response type that is stated works', async () => {
  const types = (await metadata()).response_types_supported as string[]
  assert.equal(types.length, 8)
  const p = await person(w)
  for (const response_type of types) {
    const scope = response_type === 'token' ? 'write' : 'openid'
    const form = pushForm({ response_type, scope, nonce: 'n' })
    const answer = answerOf(await p.get(authorizeUrl({ client_id: 'myPublicClient', ...form })))
    assert.equal(answer.get('error'), null, response_type)
  }
})

test('RFC 8414 §2 what the realm does not allow is not stated', async () => {
  const codeOnly = await world({
    alpha: {
      advancedOAuth2Config: { grantTypes: ['authorization_code'] },
      advancedOIDCConfig: {
        claimsParameterSupported: false,
        loaMapping: { silver: 'Login', lost: 'NoSuchJourney' },
      },
    },
  })
  const body = await metadata(base, codeOnly)
  assert.deepEqual(body.grant_types_supported, ['authorization_code'])
  assert.deepEqual(body.response_types_supported, ['code', 'none'])
  assert.equal(body.claims_parameter_supported, false)
  assert.deepEqual(body.acr_values_supported, ['silver'])
  const none = await world({ alpha: { parapetConfig: { journeys: ['Password'] } } })
  assert.equal('acr_values_supported' in (await metadata(base, none)), false)
})

test('C-10, C-11, F2 what the profile forbids is not stated', async () => {
  const fapi = await metadata(base, await world({ alpha: { parapetConfig: { profile: 'fapi2' } } }))
  const algorithms = ['ES256', 'PS256', 'EdDSA', 'Ed25519']
  const has = (name: string): unknown[] => [...(fapi[name] as unknown[])].sort()
  assert.deepEqual(fapi.response_types_supported, ['code'])
  assert.equal(has('grant_types_supported').includes('implicit'), false)
  assert.deepEqual(has('id_token_signing_alg_values_supported'), [...algorithms].sort())
  for (const place of ['token', 'revocation', 'introspection']) {
    const name = `${place}_endpoint_auth`
    assert.deepEqual(fapi[`${name}_methods_supported`], ['private_key_jwt'], place)
    assert.deepEqual(has(`${name}_signing_alg_values_supported`), [...algorithms].sort(), place)
  }
})

test('C-12, RFC 8414 §2 a challenge method is stated where a client may use it, and nowhere else', async () => {
  const key = await signer('ES256')
  for (const profile of Object.keys(profiles)) {
    const at = await world({ alpha: { parapetConfig: { profile } } })
    const { issuer } = await at.realm()
    await register(at, 'one', {
      advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
      keys: {
        publicKeyLocation: 'jwks',
        jwkSet: keySet(key),
        tokenEndpointAuthSigningAlgorithm: 'ES256',
      },
      own: { plainChallenge: true },
    })
    const usable: string[] = []
    for (const code_challenge_method of ['plain', 'S256']) {
      const form = pushForm({ redirect_uri, scope: 'write', code_challenge_method })
      const own = proof(assertion(key, goodClaims('one', issuer, at.clock.now)))
      const response = await post(at, '/par', { ...form, ...own })
      const { error } = bodyOf(response)
      assert.ok(error === undefined || error === 'invalid_request', String(response.body))
      if (response.status === 201) usable.push(code_challenge_method)
    }
    assert.ok(usable.includes('S256'), profile)
    const stated = (await metadata(base, at)).code_challenge_methods_supported
    assert.deepEqual(stated, usable, profile)
  }
})

test('C-11 Ed25519 goes by both names', async () => {
  const { id_token_signing_alg_values_supported: algorithms } = await metadata()
  assert.deepEqual(algorithms, ['RS256', 'ES256', 'PS256', 'EdDSA', 'Ed25519'])
})

test('X-5 no callback parameter, no sniffing; C-28 any origin may read it', async () => {
  const app = 'https://app.example'
  const other = await world({ alpha: { parapetConfig: { corsOrigins: [app] } } })
  const path = `${base}/.well-known/openid-configuration?callback=alert&jsonp=alert`
  const response = await get(path, { origin: app }, other)
  assert.ok(String(response.body).startsWith('{"issuer"'))
  assert.equal(response.headers['x-content-type-options'], 'nosniff')
  assert.equal(response.headers['access-control-allow-origin'], app)
  assert.equal((await get(path)).headers['access-control-allow-origin'], '*')
})

test('H-9 GET only', async () => {
  for (const method of ['POST', 'PUT', 'DELETE'])
    assert.equal(
      (await w.serve(requestOf(method, `${base}/.well-known/openid-configuration`))).status,
      405,
    )
})
