import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import type { Refused } from '../../../test/export.ts'
import {
  client,
  list,
  merged,
  on,
  overrides,
  provider,
  push,
  sameMembers,
  shop,
} from '../../../test/export.ts'
import { base, bodyOf, callback, pushForm, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'

const w = await world()
const call = await administrator(w)
assert.equal((await call('PUT', client, shop)).status, 201)

const ownClass = { oidcClaimsPluginType: 'JAVA', oidcClaimsClass: 'example.Claims' }

const realmRows: readonly (readonly [
  section: string,
  values: JsonObject,
  named: string,
  refused: Refused,
])[] = [
  [
    'advancedOAuth2Config',
    { tlsClientCertificateChainValidationEnabled: true },
    'tlsClientCertificateChainValidationEnabled',
    'neither',
  ],
  [
    'advancedOAuth2Config',
    { customLoginUrlTemplate: '&{esv.login}' },
    'customLoginUrlTemplate',
    'both',
  ],
  [
    'coreOIDCConfig',
    { supportedClaims: ['company|en|Company Number'] },
    'supportedClaims',
    'neither',
  ],
  [
    'advancedOIDCConfig',
    { useForceAuthnForPromptLogin: true },
    'useForceAuthnForPromptLogin',
    'neither',
  ],
  [
    'advancedOIDCConfig',
    { authorisedIdmDelegationClients: ['idm-provisioning'] },
    'authorisedIdmDelegationClients',
    'neither',
  ],
  [
    'advancedOIDCConfig',
    { loaMapping: { high: 'Login', webfiling: 'CHWebFiling-Login' } },
    'loaMapping',
    'neither',
  ],
  ['pluginsConfig', ownClass, 'oidcClaimsClass', 'openid'],
]
for (const [section, values, name, refused] of realmRows) {
  test(`C-39 ${section}.${name} of a realm’s export is kept and named, ${refused === 'neither' ? 'and nothing is refused' : `and ${refused} of the pushes refused`}`, async () => {
    assert.equal((await call('PUT', client, shop)).status, 200)
    const document = { [section]: values }
    const put = await call('PUT', provider, document)
    assert.equal(put.status, 200, String(put.body))
    assert.deepEqual(bodyOf(put).parapet, { unserved: [`${section}.${name}`] })
    const read = bodyOf(await call('GET', provider)) as JsonObject
    assert.deepEqual(sameMembers(read, document), document)
    const { result } = bodyOf(await call('GET', list)) as { result: JsonObject[] }
    assert.deepEqual(
      result.map(({ _id }) => _id),
      ['provider'],
    )
    assert.equal((await push(w, 'write')).status, refused === 'both' ? 400 : 201)
    assert.equal((await push(w, 'openid')).status, refused === 'neither' ? 201 : 400)
    assert.equal((await call('PUT', provider, {})).status, 200)
  })
}

test('C-39 a client with a plug-in type or an override of its own is not asked for the realm’s', async () => {
  await call('PUT', provider, {
    pluginsConfig: ownClass,
    advancedOAuth2Config: { customLoginUrlTemplate: 'https://a.example/' },
  })
  const overriding = (more: JsonObject): JsonObject =>
    merged(shop, { [overrides]: { ...on, ...more } })
  await call('PUT', client, overriding({ customLoginUrlTemplate: '' }))
  assert.equal((await push(w, 'write')).status, 201)
  assert.equal((await push(w, 'openid')).status, 400, 'the plug-in of the realm')
  await call('PUT', client, overriding({ oidcClaimsPluginType: 'SCRIPTED' }))
  assert.equal((await push(w, 'openid')).status, 201)
  await call('PUT', provider, {})
})

test('C-39 an acr value whose journey is only kept is refused, the others lead where they did', async () => {
  await call('PUT', client, shop)
  await call('PUT', provider, {
    advancedOIDCConfig: { loaMapping: { high: 'Login', film: 'CHWebFiling-Login' } },
  })
  const ask = (acr_values: string): Promise<HttpResponse> => {
    const form = pushForm({
      client_id: 'shop',
      scope: 'openid',
      redirect_uri: callback,
      acr_values,
    })
    return w.serve(requestOf('POST', `${base}/par`, { form }))
  }
  assert.deepEqual([(await ask('high')).status, (await ask('film')).status], [201, 400])
  await call('PUT', provider, {})
})
