import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientMetadata } from '../spec/client-metadata.ts'
import { profiles } from '../spec/profile.ts'
import { readSettings } from '../spec/setting.ts'
import { profileProblems } from './key-rules.ts'

function problems(profile: keyof typeof profiles, assertion: string, token: string): string[] {
  const { values } = readSettings(clientMetadata, {
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'private_key_jwt' },
    signEncOAuth2ClientConfig: {
      tokenEndpointAuthSigningAlgorithm: assertion,
      idTokenSignedResponseAlg: token,
    },
  })
  return profileProblems(values, profiles[profile])
}

test('C-11 profile fapi2 takes neither RS256 nor HS256, for assertions or ID tokens', () => {
  for (const alg of ['ES256', 'PS256', 'EdDSA', 'Ed25519'])
    assert.deepEqual(problems('fapi2', alg, alg), [])
  const assertion = problems('fapi2', 'RS256', 'ES256')
  assert.match(String(assertion), /tokenEndpointAuthSigningAlgorithm: the profile has ES256, /)
  for (const alg of ['RS256', 'HS256']) {
    const token = problems('fapi2', 'ES256', alg)
    assert.match(String(token), /idTokenSignedResponseAlg: the profile has ES256, /)
  }
  assert.equal(problems('fapi2', 'RS384', 'RS256').length, 2)
  for (const profile of ['ping', 'strict'] as const)
    assert.deepEqual(problems(profile, 'RS256', 'HS256'), [])
})
