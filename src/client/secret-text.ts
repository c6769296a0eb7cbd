import { createPublicKey } from 'node:crypto'
import { isObject, parseJson } from '../base/json.ts'
import type { TextRule } from '../protocol/value/text.ts'
import { longestSecret } from './secret.ts'

/** What every client's secret has to be. */
export const secretRule: TextRule = {
  one: `a text of 1 to ${longestSecret} characters that is no key`,
  many: 'secrets',
  schema: {
    type: 'string',
    minLength: 1,
    maxLength: longestSecret,
    pattern: /^[^\x00-\x1f\x7f]+$/u.source,
    format: 'secret',
  },
  wrong: (secret) => secretProblem(secret, 0),
}

/** Why a text cannot be a client's secret; undefined when it can. `leastBytes` where it is also a key. */
export function secretProblem(secret: string, leastBytes: number): string | undefined {
  if (secret === '') return 'empty'
  if (secret.length > longestSecret) return `longer than ${longestSecret} characters`
  if (!secret.isWellFormed() || /[\x00-\x1f\x7f]/.test(secret)) return 'characters that no text has'
  if (looksLikeKey(secret)) return 'a key, not a secret'
  const bytes = Buffer.byteLength(secret)
  return bytes < leastBytes
    ? `${leastBytes} bytes at least, since it is used as a key (RFC 7518 §3.2)`
    : undefined
}

/**
 * Public keys in whatever form, white space about them aside: as an HMAC secret such a key would be
 * known to all (J-1).
 */
function looksLikeKey(secret: string): boolean {
  const text = secret.trim()
  if (text.startsWith('-----BEGIN')) return true
  if (text.startsWith('{')) {
    const value = parseJson(text)
    return isObject(value) && (Object.hasOwn(value, 'kty') || Object.hasOwn(value, 'keys'))
  }
  return /^MI[\w+/-]{40,}={0,2}$/.test(text) && isSpki(Buffer.from(text, 'base64'))
}

function isSpki(key: Buffer): boolean {
  return (['spki', 'pkcs1'] as const).some((type) => {
    try {
      createPublicKey({ key, format: 'der', type })
      return true
    } catch {
      return false
    }
  })
}
