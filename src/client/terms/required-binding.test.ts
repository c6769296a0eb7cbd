import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import { profiles } from '../../protocol/profile.ts'
import { readSettings } from '../../protocol/setting.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import { termsOf } from '../terms.ts'

const ofRealm = readSettings(oauth2Provider, {}).values
const ofClient = readSettings(clientMetadata, {}).values
const byDpop = { dpop_bound_access_tokens: true }
const byCertificate = { tls_client_certificate_bound_access_tokens: true }

/** What a client of this profile is held to in a realm with this `senderConstraint`. */
const combinations: readonly (readonly [
  profile: 'ping' | 'fapi2',
  realm: OAuth2Provider['senderConstraint'],
  client: object,
  holds: OAuth2Provider['senderConstraint'],
])[] = [
  ['ping', 'none', {}, 'none'],
  ['ping', 'none', byDpop, 'dpop'],
  ['ping', 'none', byCertificate, 'mtls'],
  ['ping', 'dpop', {}, 'dpop'],
  ['ping', 'mtls', {}, 'mtls'],
  ['ping', 'either', {}, 'either'],
  ['ping', 'mtls', byDpop, 'dpop'],
  ['ping', 'dpop', byCertificate, 'mtls'],
  ['fapi2', 'none', {}, 'either'],
  ['fapi2', 'mtls', {}, 'mtls'],
  ['fapi2', 'dpop', {}, 'dpop'],
  ['fapi2', 'none', byDpop, 'dpop'],
  ['fapi2', 'none', byCertificate, 'mtls'],
]

for (const [name, senderConstraint, more, holds] of combinations)
  test(`RFC 9449 §5.2, RFC 8705 §3.4 ${name}, ${senderConstraint} of the realm, ${JSON.stringify(more)}: tokens are tied to ${holds}, and none come from /authorize unless to none`, () => {
    const realm = { provider: { ...ofRealm, senderConstraint }, profile: profiles[name] }
    const terms = termsOf(realm, { ...ofClient, ...more, response_types: ['code', 'token'] })
    assert.equal(terms.required_binding, holds)
    assert.equal(terms.response_types.includes('token'), holds === 'none')
  })
