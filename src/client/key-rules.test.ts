import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../base/json.ts'
import { clientMetadata } from '../protocol/client-metadata.ts'
import { problemLine } from '../protocol/problem.ts'
import { profiles } from '../protocol/profile.ts'
import { readSettings } from '../protocol/setting.ts'
import { profileProblems } from './key-rules.ts'

function problems(profile: keyof typeof profiles, assertion: string, token: string): string[] {
  const { values } = readSettings(clientMetadata, {
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'private_key_jwt' },
    signEncOAuth2ClientConfig: {
      tokenEndpointAuthSigningAlgorithm: assertion,
      idTokenSignedResponseAlg: token,
    },
  })
  return profileProblems(values, profiles[profile]).map(problemLine)
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

const keys = 'signEncOAuth2ClientConfig'
const own = 'parapetClientConfig'
const jwt = { tokenEndpointAuthMethod: 'private_key_jwt' }
const fapi2 = ['ES256', 'PS256', 'EdDSA', 'Ed25519']

/** What one attribute may be in profile `fapi2`, and what it may not. */
const forbidden: readonly (readonly [
  attribute: string,
  section: string,
  good: readonly (string | boolean)[],
  bad: readonly (string | boolean)[],
])[] = [
  ['tokenEndpointAuthSigningAlgorithm', keys, fapi2, ['RS256', 'PS384', 'ES512', 'HS256']],
  ['idTokenSignedResponseAlg', keys, fapi2, ['RS256', 'PS384', 'ES512', 'HS256']],
  ['requestParameterSignedAlg', keys, ['', ...fapi2], ['RS256', 'PS384', 'ES512', 'HS256', 'none']],
  ['plainChallenge', own, [false], [true]],
  ['codeVerifierEnforced', own, ['', 'true'], ['public', 'passwordless', 'false']],
]

for (const [attribute, section, good, bad] of forbidden) {
  test(`C-11 ${attribute}: what fapi2 would refuse at each use is refused at registration`, () => {
    const document = (value: string | boolean): JsonObject => {
      const base = { tokenEndpointAuthSigningAlgorithm: 'ES256', idTokenSignedResponseAlg: 'ES256' }
      const changed = { [section]: { ...(section === keys ? base : {}), [attribute]: value } }
      return { advancedOAuth2ClientConfig: jwt, [keys]: base, ...changed }
    }
    const found = (value: string | boolean, profile: keyof typeof profiles): readonly string[] =>
      profileProblems(readSettings(clientMetadata, document(value)).values, profiles[profile]).map(
        problemLine,
      )
    for (const value of good) assert.deepEqual(found(value, 'fapi2'), [], String(value))
    for (const value of bad) {
      const says = `^${section}\\.${attribute}: the profile has \\w+`
      assert.match(String(found(value, 'fapi2')), new RegExp(says), String(value))
      assert.deepEqual(found(value, 'ping'), [], String(value))
    }
  })
}
