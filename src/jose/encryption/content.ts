import { createDecipheriv, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { jweEncryptions } from '../algorithm.ts'
import { attempt } from '../jwk.ts'
import type { UnopenedJwe } from './encrypted.ts'

/** Opens the content with its key (RFC 7518 §5); undefined whenever anything about it is wrong. */
export function decryptContent(jwe: UnopenedJwe, contentKey: Buffer): Buffer | undefined {
  const { cipher, digest } = jweEncryptions[jwe.enc]
  return attempt(() =>
    digest === null
      ? openGcm(jwe, cipher as `aes-${128 | 192 | 256}-gcm`, contentKey)
      : openCbc(jwe, cipher, digest, contentKey),
  )
}

/** RFC 3394 §2.2.2 by OpenSSL, whose check of the initial value is the only one there is. */
export function unwrapKey(wrapping: Buffer, wrapped: Buffer): Buffer | undefined {
  const cipher = `id-aes${8 * wrapping.length}-wrap`
  return attempt(() => {
    const decipher = createDecipheriv(cipher, createSecretKey(wrapping), initialValue)
    return Buffer.concat([decipher.update(wrapped), decipher.final()])
  })
}

/** RFC 3394 §2.2.3.1. */
const initialValue = Buffer.alloc(8, 0xa6)

function openGcm(
  { aad, iv, ciphertext, tag }: UnopenedJwe,
  cipher: `aes-${128 | 192 | 256}-gcm`,
  contentKey: Buffer,
): Buffer {
  const decipher = createDecipheriv(cipher, createSecretKey(contentKey), iv, {
    authTagLength: tag.length,
  })
  decipher.setAAD(aad)
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}

/** RFC 7518 §5.2.2.2: the tag first, so that no padding is ever looked at that is not the sender's. */
function openCbc(
  { aad, iv, ciphertext, tag }: UnopenedJwe,
  cipher: string,
  digest: string,
  contentKey: Buffer,
): Buffer | undefined {
  const half = contentKey.length / 2
  const aadBits = Buffer.alloc(8)
  aadBits.writeBigUInt64BE(8n * BigInt(aad.length))
  const expected = createHmac(digest, createSecretKey(contentKey.subarray(0, half)))
    .update(aad)
    .update(iv)
    .update(ciphertext)
    .update(aadBits)
    .digest()
    .subarray(0, half)
  if (tag.length !== half || !timingSafeEqual(tag, expected)) return undefined
  const decipher = createDecipheriv(cipher, createSecretKey(contentKey.subarray(half)), iv)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}
