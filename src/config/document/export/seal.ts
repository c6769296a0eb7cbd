import { scrypt } from 'node:crypto'
import { base64url } from '../../../base/bytes.ts'
import type { JsonObject } from '../../../base/json.ts'
import { parseJsonObject } from '../../../base/json.ts'
import type { Random } from '../../../base/random.ts'
import { openText, sealText } from '../../../base/sealed-text.ts'

/** What OWASP advises for scrypt: 128 MiB, once for a document. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 } as const
const saltLength = 16

/** Begins the text, and is bound to it: which way it was sealed. */
const form = 'scrypt-aes256gcm-1'

/** Seals secrets under a passphrase: AES-256-GCM, with a key made by scrypt (RFC 7914) for this text alone. */
export async function sealSecrets(
  secrets: JsonObject,
  passphrase: string,
  random: Random,
): Promise<string> {
  const salt = random(saltLength)
  const key = await keyOf(passphrase, salt)
  const sealed = sealText(key, random(12), form, JSON.stringify(secrets))
  return `${form}.${base64url(Buffer.concat([salt, sealed]))}`
}

/** Opens what `sealSecrets` made; undefined for another passphrase, and for what was changed or is none. */
export async function openSecrets(
  sealed: string,
  passphrase: string,
): Promise<JsonObject | undefined> {
  if (!sealed.startsWith(`${form}.`)) return undefined
  const bytes = Buffer.from(sealed.slice(form.length + 1), 'base64url')
  if (bytes.length < saltLength) return undefined
  const key = await keyOf(passphrase, bytes.subarray(0, saltLength))
  const text = openText(key, form, bytes.subarray(saltLength))
  return text === undefined ? undefined : parseJsonObject(text)
}

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, cost, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
