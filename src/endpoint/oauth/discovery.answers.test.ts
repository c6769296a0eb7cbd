import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base, bodyOf, requestOf, world } from '../../../test/world.ts'
import {
  answerSignatures,
  contentEncryptions,
  keyManagements,
} from '../../protocol/value/algorithm.ts'

const w = await world()

async function metadata(at = w): Promise<Record<string, unknown>> {
  const url = `${base}/.well-known/openid-configuration`
  return bodyOf(await at.serve(requestOf('GET', url)))
}

for (const kind of ['userinfo', 'introspection', 'id_token'] as const) {
  test(`OIDC Discovery §3, RFC 9701 §7 what ${kind} may be encrypted and signed with`, async () => {
    const body = await metadata()
    assert.deepEqual(body[`${kind}_encryption_alg_values_supported`], keyManagements)
    assert.deepEqual(body[`${kind}_encryption_enc_values_supported`], contentEncryptions)
    if (kind !== 'id_token')
      assert.deepEqual(body[`${kind}_signing_alg_values_supported`], answerSignatures)
  })
}

test('JARM-9 what authorization responses are signed and encrypted with, by the realm’s lists and its profile', async () => {
  const members = (body: Record<string, unknown>): unknown =>
    ['signing_alg', 'encryption_alg', 'encryption_enc'].map(
      (each) => body[`authorization_${each}_values_supported`],
    )
  assert.deepEqual(members(await metadata()), [
    answerSignatures,
    keyManagements,
    contentEncryptions,
  ])
  const narrow = await world({
    alpha: {
      advancedOIDCConfig: {
        supportedAuthorizationResponseSigningAlgorithms: ['RS512', 'PS256', 'RS256'],
        supportedAuthorizationResponseEncryptionAlgorithms: ['RSA1_5', 'dir'],
        supportedAuthorizationResponseEncryptionEnc: ['A256GCM'],
      },
      parapetConfig: { profile: 'fapi2' },
    },
  })
  assert.deepEqual(members(await metadata(narrow)), [['PS256'], ['dir'], ['A256GCM']])
})
