import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicKeys } from '../../test/answer-jwt.ts'
import type { JsonObject } from '../base/json.ts'
import { jweAlgorithms, jweEncryptions } from '../jose/algorithm.ts'
import { clientMetadata } from '../protocol/client-metadata.ts'
import { readSettings } from '../protocol/setting.ts'
import { contentEncryptions, keyManagements } from '../protocol/value/algorithm.ts'
import { answerProblems, answerSecretBytes } from './answer-rules.ts'

const keys = 'signEncOAuth2ClientConfig'

function metadata(attributes: JsonObject, clientType = 'Confidential') {
  const core = { coreOAuth2ClientConfig: { clientType } }
  return readSettings(clientMetadata, { ...core, [keys]: attributes }).values
}

test('house: the names of algorithms for answers are those of the tables', () => {
  assert.deepEqual([...keyManagements].sort(), Object.keys(jweAlgorithms).sort())
  assert.deepEqual([...contentEncryptions].sort(), Object.keys(jweEncryptions).sort())
})

const both = { publicKeyLocation: 'jwks', jwkSet: publicKeys }
const signsOnly = { publicKeyLocation: 'jwks', jwkSet: '{"keys":[]}' }

/** Attributes, the client's type, which attribute is refused (none: nothing is), and bytes the secret must have. */
const rows: readonly (readonly [JsonObject, string, string | undefined, number])[] = [
  [{}, 'Confidential', undefined, 0],
  [{ authorizationResponseSigningAlgorithm: 'HS512' }, 'Confidential', undefined, 64],
  [
    { authorizationResponseSigningAlgorithm: 'HS256' },
    'Public',
    'authorizationResponseSigningAlgorithm',
    32,
  ],
  [{ ...both, authorizationResponseEncryptionAlgorithm: 'ECDH-ES' }, 'Public', undefined, 0],
  [
    { ...signsOnly, authorizationResponseEncryptionAlgorithm: 'ECDH-ES' },
    'Confidential',
    'authorizationResponseEncryptionAlgorithm',
    0,
  ],
  [
    { jwksUri: 'https://rp.example/jwks', authorizationResponseEncryptionAlgorithm: 'RSA-OAEP' },
    'Confidential',
    undefined,
    0,
  ],
  [{ authorizationResponseEncryptionAlgorithm: 'A192KW' }, 'Confidential', undefined, 24],
  [
    { authorizationResponseEncryptionAlgorithm: 'A192KW' },
    'Public',
    'authorizationResponseEncryptionAlgorithm',
    24,
  ],
  [
    {
      authorizationResponseEncryptionAlgorithm: 'dir',
      authorizationResponseEncryptionMethod: 'A256CBC-HS512',
    },
    'Confidential',
    undefined,
    64,
  ],
  [{ userinfoSignedResponseAlg: 'HS256' }, 'Public', undefined, 0],
  [
    { userinfoResponseFormat: 'SIGNED_JWT', userinfoSignedResponseAlg: 'HS384' },
    'Public',
    'userinfoSignedResponseAlg',
    48,
  ],
  [
    { ...signsOnly, userinfoResponseFormat: 'ENCRYPTED_JWT' },
    'Confidential',
    'userinfoEncryptedResponseAlg',
    0,
  ],
  [{ tokenIntrospectionSignedResponseAlg: 'HS256' }, 'Confidential', undefined, 32],
  [
    { ...signsOnly, tokenIntrospectionResponseFormat: 'SIGNED_THEN_ENCRYPTED_JWT' },
    'Confidential',
    'tokenIntrospectionEncryptedResponseAlg',
    0,
  ],
  [{ ...both, idTokenEncryptionEnabled: true }, 'Public', undefined, 0],
  [
    { ...signsOnly, idTokenEncryptionEnabled: true },
    'Confidential',
    'idTokenEncryptionAlgorithm',
    0,
  ],
  [{ idTokenPublicEncryptionKey: 'x' }, 'Confidential', 'idTokenPublicEncryptionKey', 0],
]
for (const [attributes, clientType, refused, bytes] of rows) {
  const { jwkSet: _, ...told } = attributes
  test(`C-27, OIDC Core §10 ${clientType} ${JSON.stringify(told)}: ${refused ?? 'good'}, ${bytes} bytes`, () => {
    const read = metadata(attributes, clientType)
    assert.deepEqual(
      answerProblems(read).map(({ path }) => path),
      refused === undefined ? [] : [`${keys}.${refused}`],
    )
    assert.equal(answerSecretBytes(read), bytes)
  })
}
