import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { withEvents } from '../../../test/events.ts'
import type { Refused } from '../../../test/export.ts'
import {
  advanced,
  client,
  core,
  dollar,
  keys,
  list,
  merged,
  on,
  openid,
  overrides,
  own,
  push,
  sameMembers,
  shop,
} from '../../../test/export.ts'
import { publicTokens, refusedWith, tokenRequest, withToken } from '../../../test/flow.ts'
import { base, bodyOf, pushForm, requestOf, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'

const w = await world()
const call = await administrator(w)

const withKeys = { publicKeyLocation: 'jwks_uri', jwksUri: 'https://shop.example/jwks' }

const clientRows: readonly (readonly [
  section: string,
  values: JsonObject,
  named: string,
  refused: Refused,
])[] = [
  [
    overrides,
    { ...on, tlsClientCertificateChainValidationEnabled: true },
    'tlsClientCertificateChainValidationEnabled',
    'neither',
  ],
  [keys, { jwksUri: 'http://am.fr-platform:80/am/oauth2/connect/jwk_uri' }, 'jwksUri', 'neither'],
  [advanced, { updateAccessToken: 'eyJ0eXAiOiJKV1QifQ.e30.c2ln' }, 'updateAccessToken', 'neither'],
  [advanced, { treeName: 'ID4AI-Login' }, 'treeName', 'both'],
  [advanced, { sectorIdentifierUri: 'http://a.example/' }, 'sectorIdentifierUri', 'neither'],
  [
    advanced,
    { sectorIdentifierUri: 'http://a.example/', subjectType: 'Pairwise' },
    'sectorIdentifierUri',
    'both',
  ],
  [openid, { claims: ['sub', 'name|en|Your name'] }, 'claims', 'neither'],
  [openid, { backchannel_logout_uri: 'https://a.example/bye' }, 'backchannel_logout_uri', 'openid'],
  [
    keys,
    { idTokenEncryptionEnabled: true, idTokenEncryptionAlgorithm: 'RSA1_5', ...withKeys },
    'idTokenEncryptionAlgorithm',
    'openid',
  ],
  [keys, { idTokenEncryptionAlgorithm: 'RSA1_5' }, 'idTokenEncryptionAlgorithm', 'neither'],
  [keys, { userinfoSignedResponseAlg: 'RS512' }, 'userinfoSignedResponseAlg', 'neither'],
  [
    keys,
    { tokenIntrospectionEncryptedResponseAlg: 'RSA1_5' },
    'tokenIntrospectionEncryptedResponseAlg',
    'neither',
  ],
  [
    overrides,
    { ...on, oidcClaimsPluginType: 'JAVA', oidcClaimsClass: 'example.Claims' },
    'oidcClaimsClass',
    'openid',
  ],
  [overrides, own('validateScope', 'PROVIDER'), 'validateScopeScript', 'neither'],
  [overrides, { ...on, evaluateScopePluginType: 'PYTHON' }, 'evaluateScopePluginType', 'neither'],
  [
    overrides,
    { ...on, customLoginUrlTemplate: `https://a.example/?goto=${dollar}` },
    'customLoginUrlTemplate',
    'both',
  ],
  [core, { agentgroup: 'web' }, 'agentgroup', 'both'],
  // Nobody is granted a scope of administration as an ordinary one.
  [core, { scopes: ['openid', 'write', 'fr:am:*|Administration'] }, 'scopes', 'neither'],
  // PingAM 6 had it in this section, 8 has it not at all, and the last is of no release.
  [
    core,
    { backchannel_logout_session_required: true },
    'backchannel_logout_session_required',
    'neither',
  ],
  [core, { somethingOfTomorrow: { a: [1, null, 'x'] } }, 'somethingOfTomorrow', 'neither'],
]

for (const [section, values, name, refused] of clientRows) {
  test(`C-39 ${section}.${name} of an export is kept and named, ${refused === 'neither' ? 'and nothing is refused' : `and ${refused} of the pushes refused`}`, async () => {
    const document = merged(shop, { [section]: values })
    const path = `${section}.${name}`
    const { value: put, events } = await withEvents(() => call('PUT', client, document))
    assert.ok(put.status === 200 || put.status === 201, String(put.body))
    assert.deepEqual(bodyOf(put).parapet, { unserved: [path] })
    const told = events.filter(({ name: called }) => called === 'config.unserved')
    assert.deepEqual(
      told.map(({ fields }) => [fields.kind, fields.id, fields.attributes]),
      [['client', 'shop', path]],
    )
    const read = bodyOf(await call('GET', client)) as JsonObject
    assert.equal(read.parapet, undefined)
    assert.deepEqual(sameMembers(read, document), document)
    // What was read can be put again, and is the same then.
    const { _rev, ...exported } = read
    assert.equal((await call('PUT', client, exported)).status, 200)
    const { _rev: _, ...again } = bodyOf(await call('GET', client))
    assert.deepEqual(again, exported)
    const { result } = bodyOf(await call('GET', list)) as { result: JsonObject[] }
    assert.deepEqual(
      result.map(({ _id }) => _id),
      ['client/shop'],
    )
    const stopped = { write: refused === 'both', openid: refused !== 'neither' }
    for (const [scope, isStopped] of Object.entries(stopped)) {
      const answer = await push(w, scope)
      assert.equal(answer.status, isStopped ? 400 : 201, `${scope} ${String(answer.body)}`)
      if (!isStopped) continue
      assert.equal(bodyOf(answer).error, 'unauthorized_client')
      assert.ok(String(bodyOf(answer).error_description).includes(path))
    }
  })
}

test('C-39 what stands in overrides that are off is neither named nor refused', async () => {
  const document = merged(shop, {
    [overrides]: { ...own('oidcClaims', 'SCRIPTED'), ...{ providerOverridesEnabled: false } },
  })
  assert.equal(bodyOf(await call('PUT', client, document)).parapet, undefined)
  assert.equal((await push(w, 'openid')).status, 201)
  assert.deepEqual(sameMembers(bodyOf(await call('GET', client)) as JsonObject, document), document)
})

const refusals: readonly (readonly [why: string, document: JsonObject])[] = [
  ['a private key in a public set', { [keys]: { jwkSet: '{"keys":[{"kty":"oct","k":"AA"}]}' } }],
  ['none as an algorithm', { [keys]: { idTokenSignedResponseAlg: 'none' } }],
  ['a placeholder', { [core]: { clientName: ['&{esv.name}'] } }],
  ['a placeholder for a secret', { [core]: { userpassword: '{IG_OIDC_PASSWORD}' } }],
  ['a slip of the pen', { [advanced]: { require_pushed_authorization_request: true } }],
  ['a served attribute in another section', { [core]: { tokenEndpointAuthMethod: 'none' } }],
  ['a section of ours with a name that is not', { parapetClientConfig: { invented: 1 } }],
  ['what PingAM has encrypted', { [core]: { 'userpassword-encrypted': 'AAAA' } }],
  ['more than is kept', { [core]: { invented: 'x'.repeat(65_536) } }],
]
for (const [why, document] of refusals) {
  test(`C-39 what would be unsafe in silence is refused all the same: ${why}`, async () => {
    const whole = merged(shop, document as Readonly<Record<string, JsonObject>>)
    assert.equal((await call('PUT', client, whole)).status, 400)
  })
}

test('C-39 keys at an address that is kept are fetched from nowhere, and those beside it are not taken instead', async () => {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  }
  const document = merged(shop, {
    [core]: { clientType: 'Confidential' },
    [advanced]: { tokenEndpointAuthMethod: 'private_key_jwt' },
    [keys]: {
      publicKeyLocation: 'jwks_uri',
      jwksUri: 'http://am:80/jwk_uri',
      jwkSet: JSON.stringify({ keys: [jwk] }),
    },
  })
  assert.ok([200, 201].includes((await call('PUT', client, document)).status))
  const claims = { iss: 'shop', sub: 'shop', aud: base, jti: 'j', exp: w.clock.now + 60 }
  const part = (value: JsonObject): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url')
  const assertion = `${part({ alg: 'ES256' })}.${part(claims)}.${'A'.repeat(86)}`
  const form = pushForm({
    client_assertion: assertion,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
  const { value: answer, events } = await withEvents(() =>
    w.serve(requestOf('POST', `${base}/par`, { form })),
  )
  assert.equal(bodyOf(answer).error, 'invalid_client')
  const told = events.find(({ name }) => name === 'client.keys_not_fetched')
  assert.equal(told?.fields.reason, `${keys}.jwksUri is not served`)
})

test('C-39 what was issued before stops too: a refresh, and userinfo, of a client that got a journey that is not here', async () => {
  const tokens = await publicTokens(w, { scope: 'openid profile' })
  assert.equal((await withToken(w, '/userinfo', tokens.access_token)).status, 200)
  const url = '/realm-config/agents/OAuth2Client/myPublicClient'
  const { _rev, ...read } = bodyOf(await call('GET', url)) as Record<string, JsonObject>
  const foreign = { ...read, [advanced]: { ...read[advanced], treeName: 'ID4AI-Login' } }
  assert.equal((await call('PUT', url, foreign)).status, 200)
  refusedWith(await withToken(w, '/userinfo', tokens.access_token), 'unauthorized_client')
  const form = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }
  const refreshed = await tokenRequest(w, { ...form, client_id: 'myPublicClient' }, {})
  refusedWith(refreshed, 'unauthorized_client')
})
