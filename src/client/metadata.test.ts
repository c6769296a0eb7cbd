import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issue } from '../../test/pki.ts'
import type { JsonObject } from '../base/json.ts'
import { unservedGrantTypes } from '../protocol/grant-type.ts'
import { problemLine } from '../protocol/problem.ts'
import type { ProfileName } from '../protocol/profile.ts'
import { profiles } from '../protocol/profile.ts'
import { readSettings } from '../protocol/setting.ts'
import { oauth2Provider } from '../realm/oauth2-provider.ts'
import type { Realm } from '../realm/realm.ts'
import { memoryStore } from '../store/memory/memory.ts'
import { never } from '../store/store.ts'
import type { Registration } from './metadata.ts'
import { readClientDocument, registrationProblems } from './metadata.ts'

const core = 'coreOAuth2ClientConfig'
const advanced = 'advancedOAuth2ClientConfig'
const keys = 'signEncOAuth2ClientConfig'
const publicJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
}

function realmOf(profile: ProfileName = 'ping'): Realm {
  const { values: provider } = readSettings(oauth2Provider, {})
  const [settings, journeys] = [memoryStore(() => 0), new Map()]
  const profileOf = profiles[profile]
  return { path: '/alpha', provider, profile: profileOf, settings, journeys } as unknown as Realm
}

async function problems(
  document: JsonObject,
  more: Partial<Registration> = {},
  realm: Realm = realmOf(),
): Promise<string[]> {
  const nothing = { client_id: 'c', secret: undefined, kept: undefined }
  const { problems: alone } = readClientDocument(document)
  const found = await registrationProblems(realm, { ...nothing, document, ...more })
  return [...alone, ...found].map(problemLine)
}

test('RFC 7591 §2 a registration of defaults has no problems', async () => {
  assert.deepEqual(await problems({}), [])
})

test('PingAM: rest-api-oauth2-client what its exports list and nothing here acts on is kept', async () => {
  const document = {
    [advanced]: {
      grantTypes: ['authorization_code', ...unservedGrantTypes],
      javascriptOrigins: ['forgerock://oidc_callback', 'https://app.example'],
    },
  }
  assert.deepEqual(await problems(document), [])
})

test('C-4 the demonstration client can be registered', async () => {
  const document = {
    [core]: {
      redirectionUris: ['https://www.example.com:443/callback'],
      scopes: ['write', 'openid', 'email|Your email address', 'profile|en|Your profile'],
    },
    [advanced]: {
      grantTypes: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    },
  }
  assert.deepEqual(await problems(document, { secret: 'mySecret' }), [])
})

test('RFC 7591 §3.2.2 all problems are told at once, each with its path', async () => {
  const document = {
    [core]: {
      redirectionUris: ['https://a.example/cb', 'https://a.example/*', 'javascript:alert(1)'],
      scopes: ['open id'],
      clientName: ['two\nlines'],
    },
    [advanced]: {
      grantTypes: ['authorization_code', 'magic'],
      responseTypes: ['code', 'device_code', 'magic'],
      tokenEndpointAuthMethod: 'client_secret_smoke',
      logoUri: ['en|http://evil.example/x.png'],
      javascriptOrigins: ['two\nlines'],
      treeName: 'Nowhere',
    },
    [keys]: {
      jwksUri: 'http://10.0.0.1/jwks',
      jwkSet: '{"keys":[],"keys":[]}',
      tokenEndpointAuthSigningAlgorithm: 'none',
      idTokenSignedResponseAlg: 'none',
    },
  }
  const found = await problems(document, { client_id: 'é', secret: '' })
  const paths = found.map((problem) => problem.split(': ')[0] as string)
  assert.deepEqual(
    paths.toSorted((a, b) => (a < b ? -1 : 1)),
    [
      '_id',
      `${advanced}.grantTypes[1]`,
      `${advanced}.javascriptOrigins[0]`,
      `${advanced}.logoUri[0]`,
      `${advanced}.responseTypes[2]`,
      `${advanced}.tokenEndpointAuthMethod`,
      `${advanced}.treeName`,
      `${core}.clientName[0]`,
      `${core}.redirectionUris[1]`,
      `${core}.redirectionUris[2]`,
      `${core}.scopes[0]`,
      `${core}.userpassword`,
      `${keys}.idTokenSignedResponseAlg`,
      `${keys}.jwkSet`,
      `${keys}.tokenEndpointAuthSigningAlgorithm`,
    ],
  )
})

const ids: [id: string, good: boolean][] = [
  ['myClient', true],
  ['a client/with:odd~characters', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['', false],
  ['..', false],
  ['tab\t', false],
  ['ümlaut', false],
  ['\ud800', false],
  ['__proto__', true],
]
for (const [client_id, good] of ids) {
  test(`RFC 6749 §A.1 client_id ${JSON.stringify(client_id).slice(0, 40)} ${good ? 'can' : 'cannot'} be registered`, async () => {
    assert.equal((await problems({}, { client_id })).length === 0, good)
  })
}

test('T-10 a client_id is never the sub of a user', async () => {
  const realm = realmOf()
  const sub = '0b8d6e9c-3c2b-4d58-9d4e-6a3f6c1e2b7a'
  await realm.settings.insert(`user/%2Falpha/${sub}`, Buffer.from('{}'), never)
  assert.deepEqual(await problems({}, { client_id: sub }, realm), ['_id: the sub of a user'])
  assert.equal((await problems({}, { client_id: sub.toUpperCase() }, realm)).length, 1)
})

test('JCA-3 keys must be public, and there if the client proves itself by them', async () => {
  const with_ = (more: JsonObject): Promise<string[]> =>
    problems({ [advanced]: { tokenEndpointAuthMethod: 'private_key_jwt' }, [keys]: more })
  const set = (jwk: object): string => JSON.stringify({ keys: [jwk] })
  const at = `${keys}.publicKeyLocation: no keys are there`
  assert.deepEqual(await with_({}), [at])
  assert.deepEqual(await with_({ jwkSet: set(publicJwk) }), [at])
  assert.deepEqual(await with_({ publicKeyLocation: 'jwks', jwkSet: set(publicJwk) }), [])
  assert.deepEqual(await with_({ jwksUri: 'https://a.example/jwks' }), [])
  const location = { publicKeyLocation: 'jwks' }
  for (const bad of ['{', '[]', set({ ...publicJwk, d: 'AA' }), set({ kty: 'oct', k: 'AA' })]) {
    assert.equal((await with_({ ...location, jwkSet: bad })).length, 1)
  }
  assert.match((await with_({ ...location, jwkSet: set({ kty: 'EC' }) }))[0] ?? '', /keys\[0\]/)
})

test('C-27 HS256 needs a secret of 32 bytes, known as such', async () => {
  const hs = { [keys]: { idTokenSignedResponseAlg: 'HS256' } }
  const long = 'x'.repeat(32)
  assert.deepEqual(await problems(hs, { secret: long }), [])
  assert.deepEqual(await problems(hs, { kept: long }), [])
  assert.equal((await problems(hs, { secret: 'mySecret' })).length, 1)
  assert.match((await problems(hs))[0] ?? '', /needed again/)
  const hs512 = { [keys]: { idTokenSignedResponseAlg: 'HS512' } }
  assert.equal((await problems(hs512, { secret: long })).length, 1)
  const open = { ...hs, [core]: { clientType: 'Public' } }
  assert.equal((await problems(open, { secret: long })).length, 1)
})

test('C-27 a method is registered with an algorithm it can use, and client_secret_jwt with a secret that can be a key', async () => {
  const of = async (method: string, alg: string, more: Partial<Registration> = {}) =>
    problems(
      {
        [advanced]: { tokenEndpointAuthMethod: method },
        [keys]: {
          tokenEndpointAuthSigningAlgorithm: alg,
          publicKeyLocation: 'jwks',
          jwkSet: JSON.stringify({ keys: [publicJwk] }),
        },
      },
      more,
    )
  const long = 'x'.repeat(32)
  const at = `${keys}.tokenEndpointAuthSigningAlgorithm: `
  assert.deepEqual(await of('client_secret_jwt', 'HS256', { secret: long }), [])
  assert.deepEqual(await of('client_secret_jwt', 'HS256', { kept: long }), [])
  assert.match((await of('client_secret_jwt', 'HS256'))[0] ?? '', /userpassword: needed again/)
  assert.match((await of('client_secret_jwt', 'HS256', { secret: 'short' }))[0] ?? '', /32 bytes/)
  assert.match((await of('client_secret_jwt', 'HS512', { secret: long }))[0] ?? '', /64 bytes/)
  assert.deepEqual(await of('client_secret_jwt', 'RS256', { secret: long }), [
    `${at}client_secret_jwt is made with HS256, HS384, HS512`,
  ])
  assert.match(
    (await of('private_key_jwt', 'HS256'))[0] ?? '',
    /private_key_jwt is made with RS256/,
  )
  assert.deepEqual(await of('private_key_jwt', 'ES256'), [])
  for (const alg of ['RS256', 'HS256', 'Ed25519'])
    assert.deepEqual(await of('client_secret_basic', alg), [])
})

const subjects: [check: string, keys: JsonObject, own: JsonObject, wrong: readonly string[]][] = [
  ['AM’s default', {}, {}, []],
  ['a DN', { mTLSSubjectDN: 'CN=shop, O=Shop\\, Ltd' }, {}, []],
  ['no DN', { mTLSSubjectDN: 'shop' }, {}, ['mTLSSubjectDN']],
  ['a DNS name', {}, { tls_client_auth_san_dns: 'shop.example' }, []],
  ['a wildcard', {}, { tls_client_auth_san_dns: '*.example' }, ['tls_client_auth_san_dns']],
  ['an address', {}, { tls_client_auth_san_ip: '::1' }, []],
  ['a network', {}, { tls_client_auth_san_ip: '10.0.0.0/8' }, ['tls_client_auth_san_ip']],
  ['a URI', {}, { tls_client_auth_san_uri: 'urn:shop' }, []],
  ['a URI with a space', {}, { tls_client_auth_san_uri: 'urn: x' }, ['tls_client_auth_san_uri']],
  ['a mailbox', {}, { tls_client_auth_san_email: 'a@b.example' }, []],
  ['no mailbox', {}, { tls_client_auth_san_email: 'b.example' }, ['tls_client_auth_san_email']],
  [
    'two names',
    { mTLSSubjectDN: 'CN=shop' },
    { tls_client_auth_san_dns: 'shop.example' },
    ['tls_client_auth_san_dns'],
  ],
  [
    'two alternative names',
    {},
    { tls_client_auth_san_dns: 'shop.example', tls_client_auth_san_ip: '::1' },
    ['tls_client_auth_san_ip'],
  ],
]
for (const [check, more, own, wrong] of subjects) {
  test(`MTLS-3 tls_client_auth by ${check}: ${wrong.length === 0 ? 'good' : 'refused'}`, async () => {
    const found = await problems({
      [advanced]: { tokenEndpointAuthMethod: 'tls_client_auth' },
      [keys]: more,
      parapetClientConfig: own,
    })
    assert.deepEqual(
      found.map((problem) => problem.split(': ')[0]?.split('.')[1]),
      wrong,
    )
  })
}

test('MTLS-5 self_signed_tls_client_auth needs a certificate or a key', async () => {
  const with_ = (more: JsonObject): Promise<string[]> =>
    problems({
      [advanced]: { tokenEndpointAuthMethod: 'self_signed_tls_client_auth' },
      [keys]: more,
    })
  const { pem, der } = issue({})
  const jwkSet = JSON.stringify({ keys: [publicJwk] })
  for (const good of [
    { mTLSTrustedCert: pem },
    { mTLSTrustedCert: der.toString('base64') },
    { publicKeyLocation: 'jwks', jwkSet },
    { jwksUri: 'https://a.example/jwks' },
  ])
    assert.deepEqual(await with_(good), [])
  const cut = `${pem}${pem.slice(0, 200)}`
  for (const text of ['x', pem.slice(9), cut, `${pem.slice(0, 200)}\n${pem}`])
    assert.equal((await with_({ mTLSTrustedCert: text })).length, 1)
  for (const bad of [{}, { jwkSet }]) assert.equal((await with_(bad)).length, 1)
})

test('MTLS-9, DPOP-17 tokens are tied to a certificate or by DPoP, since a client could not do both', async () => {
  const by = (mTLSCertificateBoundAccessTokens: boolean, dpopBoundAccessTokens: boolean) =>
    problems({
      [keys]: { mTLSCertificateBoundAccessTokens },
      parapetClientConfig: { dpopBoundAccessTokens },
    })
  const found = await Promise.all([by(true, true), by(true, false), by(false, true)])
  assert.deepEqual(
    found.map(({ length }) => length),
    [1, 0, 0],
  )
})

test('RFC 6749 §2.3 a confidential client proves itself, a public one need not', async () => {
  const none = { [advanced]: { tokenEndpointAuthMethod: 'none' } }
  assert.equal((await problems(none)).length, 1)
  assert.deepEqual(await problems({ ...none, [core]: { clientType: 'Public' } }), [])
})

test('FAPI 2.0 §5.3.2.1 profile fapi2 takes no public client and no shared secret', async () => {
  const realm = realmOf('fapi2')
  const of = async (document: JsonObject): Promise<number> =>
    (await problems(document, {}, realm)).length
  const es256 = { [keys]: { idTokenSignedResponseAlg: 'ES256' } }
  assert.equal(await of({ ...es256, [core]: { clientType: 'Public' } }), 1)
  assert.equal(await of(es256), 1)
  assert.equal(await of({ parapetClientConfig: { profile: 'ping' } }), 0)
})
