import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { post, redirect_uri, register } from '../../../test/register.ts'
import { base, bodyOf, challenge, world } from '../../../test/world.ts'

const w = await world()
const es256 = await signer('ES256')
const request = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** Which of the issuer, the token URL and a list of the issuer may be the audience. */
const tiers: [profile: string, assertionAudience: string, good: (0 | 1)[]][] = [
  ['strict', '', [1, 0, 1]],
  ['strict', 'legacy', [1, 1, 1]],
  ['strict', 'issuer-string', [1, 0, 0]],
  ['ping', 'issuer', [1, 0, 1]],
  ['fapi2', 'legacy', [1, 0, 0]],
]
for (const [profile, assertionAudience, good] of tiers) {
  test(`C-1, OIDC Core §9 assertionAudience "${assertionAudience}" in ${profile}`, async () => {
    const client_id = `${assertionAudience} in ${profile}`
    await register(w, client_id, {
      advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
      keys: {
        publicKeyLocation: 'jwks',
        jwkSet: keySet(es256),
        tokenEndpointAuthSigningAlgorithm: 'ES256',
      },
      own: { profile, assertionAudience },
    })
    for (const [i, aud] of [base, `${base}/access_token`, [base]].entries()) {
      const signed = assertion(es256, goodClaims(client_id, aud, w.clock.now))
      const response = await post(w, '/par', { ...request, ...proof(signed) })
      const error = good[i] ? undefined : 'invalid_client'
      assert.equal(bodyOf(response).error, error, String(aud))
      assert.equal(response.status === 201, good[i] === 1)
    }
  })
}
