// Just enough of JOSE for this service, by node:crypto: ES256 and RS256, RSA-OAEP-256 with A256GCM.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'

const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const json = (part) => JSON.parse(Buffer.from(part, 'base64url').toString())
const bytes = (part) => Buffer.from(part, 'base64url')
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }

/** A signed JWT by an EC key on P-256. */
export function signed(claims, { privateKey, kid }) {
  const input = `${text({ alg: 'ES256', typ: 'JWT', kid })}.${text(claims)}`
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' }
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
}

const algorithms = { RS256: 'RSA', ES256: 'EC' }

/** The claims of a JWT that one of these keys signed. */
export function verified(token, keys) {
  const [header, payload, signature] = token.split('.')
  const { alg, kid } = json(header)
  const jwk = keys.find((key) => key.kid === kid && key.kty === algorithms[alg])
  if (jwk === undefined) throw new Error('no such key')
  const key = {
    key: createPublicKey({ key: jwk, format: 'jwk' }),
    ...(alg === 'ES256' ? { dsaEncoding: 'ieee-p1363' } : {}),
  }
  if (!verify('sha256', Buffer.from(`${header}.${payload}`), key, bytes(signature)))
    throw new Error('the signature is wrong')
  return json(payload)
}

/** What stands in a JWE. */
export function decrypted(token, privateKey) {
  const [header, encryptedKey, iv, ciphertext, tag] = token.split('.')
  const { alg, enc } = json(header)
  if (alg !== 'RSA-OAEP-256' || enc !== 'A256GCM') throw new Error('another encryption')
  const key = privateDecrypt({ key: privateKey, ...oaep }, bytes(encryptedKey))
  const decipher = createDecipheriv('aes-256-gcm', key, bytes(iv))
  decipher.setAAD(Buffer.from(header)).setAuthTag(bytes(tag))
  return Buffer.concat([decipher.update(bytes(ciphertext)), decipher.final()]).toString()
}

/** A JWE for the owner of a public RSA key. */
export function encrypted(content, jwk) {
  const header = text({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', kid: jwk.kid })
  const [key, iv] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(header))
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()])
  const wrapped = publicEncrypt({ key: createPublicKey({ key: jwk, format: 'jwk' }), ...oaep }, key)
  const parts = [wrapped, iv, ciphertext, cipher.getAuthTag()]
  return [header, ...parts.map((part) => part.toString('base64url'))].join('.')
}
