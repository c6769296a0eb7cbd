import { type CipherKey, createCipheriv, createDecipheriv } from 'node:crypto'

const nonceLength = 12
const tagLength = 16

/**
 * A text that nobody reads or changes without the key: AES-256-GCM, as nonce, ciphertext and tag. It opens
 * only with the same words `about` it. The nonce has twelve random bytes, no two times the same.
 */
export function sealText(key: CipherKey, nonce: Buffer, about: string, text: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(about))
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

/** Opens what `sealText` made; undefined for what was made by another key, about something else, or changed. */
export function openText(key: CipherKey, about: string, sealed: Buffer): string | undefined {
  if (sealed.length < nonceLength + tagLength) return undefined
  const nonce = sealed.subarray(0, nonceLength)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(about))
  decipher.setAuthTag(sealed.subarray(-tagLength))
  try {
    const text = decipher.update(sealed.subarray(nonceLength, -tagLength))
    return Buffer.concat([text, decipher.final()]).toString()
  } catch {
    return undefined
  }
}
