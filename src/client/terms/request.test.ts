import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import { profiles } from '../../protocol/profile.ts'
import { readSettings } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import type { Terms } from '../terms.ts'
import { termsOf } from '../terms.ts'

const ofRealm = readSettings(oauth2Provider, {}).values
const ofClient = readSettings(clientMetadata, {}).values

function held(
  profile: keyof typeof profiles,
  realm: Partial<typeof ofRealm>,
  client: Partial<typeof ofClient>,
): Terms {
  const provider = { ...ofRealm, ...realm }
  return termsOf({ provider, profile: profiles[profile] }, { ...ofClient, ...client })
}

const redirect_uris = [
  'https://app.example/cb',
  'http://127.0.0.1/cb',
  'com.example.app:/cb',
  'http://app.example/cb',
  'https://app.example/cb#fragment',
  'javascript:alert(1)',
]

for (const [profile, clientType, usable] of [
  ['ping', 'Confidential', 4],
  ['ping', 'Public', 4],
  ['strict', 'Public', 3],
  ['strict', 'Confidential', 2],
] as const) {
  test(`R-1, R-5, RFC 6749 §3.1.2.3 of what a ${clientType} client has registered ${usable} URIs are used in ${profile}`, () => {
    const terms = held(profile, {}, { redirect_uris, clientType })
    assert.deepEqual([...terms.redirect_uris], redirect_uris.slice(0, usable))
    assert.equal(held(profile, {}, { redirect_uris: [], clientType }).redirect_uris.size, 0)
  })
}

const code = 'authorization_code'
for (const [grantTypes, grant_types, granted] of [
  [[code, 'implicit'], [code], ['code', 'none']],
  [['implicit'], [code, 'implicit'], ['token', 'id_token', 'token id_token', 'none']],
  [[code, 'implicit'], ['refresh_token'], ['none']],
  [[], [code], ['none']],
] as const) {
  test(`RFC 7591 §2.1 with grants ${grantTypes} of the realm and ${grant_types} of the client there are the response types ${granted}`, () => {
    const terms = held('ping', { grantTypes }, { grant_types, response_types: ['token'] })
    assert.deepEqual(terms.granted_response_types, granted)
  })
}
