import type { KeyObject, SignKeyObjectInput } from 'node:crypto'
import { constants, createHmac, sign, timingSafeEqual, verify } from 'node:crypto'
import type { Ready } from '../base/ready.ts'
import type { SignatureAlgorithm } from './algorithm.ts'
import { curves } from './algorithm.ts'
import { derFromRaw, rawFromDer } from './ecdsa.ts'

/**
 * Signs bytes. Inline where the table says so, else on a pool thread. node:crypto is given the bare
 * KeyObject and its own DER form, since an options object costs half a signature more on Node 24.
 */
export function signBytes(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  data: Uint8Array,
): Ready<Buffer> {
  if (algorithm.inline) return signInline(algorithm, key, data)
  return new Promise((resolve, reject) => {
    sign(algorithm.digest, data, keyInput(algorithm, key), (error, signature) => {
      if (error) reject(error)
      else resolve(toWire(algorithm, signature))
    })
  })
}

/** The same on this thread, whatever it costs. */
export function signInline(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  data: Uint8Array,
): Buffer {
  if (algorithm.kty === 'oct') return mac(algorithm, key, data)
  return toWire(algorithm, sign(algorithm.digest, data, keyInput(algorithm, key)))
}

/** Whether the signature is the key's; malformed ones are simply not. `inline`: on this thread. */
export function verifyBytes(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
  inline: boolean,
): Ready<boolean> {
  if (algorithm.kty === 'oct') {
    const expected = mac(algorithm, key, data)
    return signature.length === expected.length && timingSafeEqual(signature, expected)
  }
  const own = fromWire(algorithm, signature)
  if (own === undefined) return false
  const input = keyInput(algorithm, key)
  if (inline) return verify(algorithm.digest, data, input, own)
  return new Promise((resolve, reject) => {
    verify(algorithm.digest, data, input, own, (error, good) => {
      if (error) reject(error)
      else resolve(good)
    })
  })
}

function mac(algorithm: SignatureAlgorithm, key: KeyObject, data: Uint8Array): Buffer {
  return createHmac(algorithm.halfHash, key).update(data).digest()
}

/** RSASSA-PSS has no key type of its own in a JWK, so node:crypto must be told. */
function keyInput(algorithm: SignatureAlgorithm, key: KeyObject): KeyObject | SignKeyObjectInput {
  if (!algorithm.pss) return key
  return {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  }
}

function toWire({ kty, crv }: SignatureAlgorithm, signature: Buffer): Buffer {
  return kty === 'EC' && crv !== undefined ? rawFromDer(signature, curves[crv]) : signature
}

function fromWire({ kty, crv }: SignatureAlgorithm, signature: Uint8Array): Uint8Array | undefined {
  return kty === 'EC' && crv !== undefined ? derFromRaw(signature, curves[crv]) : signature
}
