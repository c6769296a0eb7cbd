import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto'
import { base64url } from '../../../base/bytes.ts'
import type { JsonObject } from '../../../base/json.ts'
import { parseJsonObject } from '../../../base/json.ts'
import type { Random } from '../../../base/random.ts'

/** What OWASP advises for scrypt: 128 MiB, once for a document. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 } as const
const saltLength = 16
const nonceLength = 12
const tagLength = 16

/** Begins the text, and is bound to it: which way it was sealed. */
const form = 'scrypt-aes256gcm-1'

/** Seals secrets under a passphrase: AES-256-GCM, with a key made by scrypt (RFC 7914) for this text alone. */
export async function sealSecrets(
  secrets: JsonObject,
  passphrase: string,
  random: Random,
): Promise<string> {
  const salt = random(saltLength)
  const nonce = random(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt), nonce)
  cipher.setAAD(Buffer.from(form))
  const text = Buffer.concat([cipher.update(JSON.stringify(secrets)), cipher.final()])
  const sealed = Buffer.concat([salt, nonce, text, cipher.getAuthTag()])
  return `${form}.${base64url(sealed)}`
}

/** Opens what `sealSecrets` made; undefined for another passphrase, and for what was changed or is none. */
export async function openSecrets(
  sealed: string,
  passphrase: string,
): Promise<JsonObject | undefined> {
  if (!sealed.startsWith(`${form}.`)) return undefined
  const bytes = Buffer.from(sealed.slice(form.length + 1), 'base64url')
  if (bytes.length < saltLength + nonceLength + tagLength) return undefined
  const key = await keyOf(passphrase, bytes.subarray(0, saltLength))
  const nonce = bytes.subarray(saltLength, saltLength + nonceLength)
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(Buffer.from(form))
  cipher.setAuthTag(bytes.subarray(-tagLength))
  try {
    const text = cipher.update(bytes.subarray(saltLength + nonceLength, -tagLength))
    return parseJsonObject(Buffer.concat([text, cipher.final()]).toString())
  } catch {
    return undefined
  }
}

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, cost, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
