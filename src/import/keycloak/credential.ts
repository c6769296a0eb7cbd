import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member, parseJsonObject } from '../../base/json.ts'
import { pbkdf2Form } from '../../user/hash/pbkdf2.ts'
import { entriesOf, plainText } from '../found.ts'
import type { PasswordRead } from '../password.ts'
import { bytesOf, storedHash } from '../password.ts'

/** Keycloak's names of PBKDF2, and the digest of each. */
const digests: ReadonlyMap<string, string> = new Map([
  ['pbkdf2', 'sha1'],
  ['pbkdf2-sha256', 'sha256'],
  ['pbkdf2-sha512', 'sha512'],
])

const malformed: PasswordRead = { problem: 'is malformed' }

/** Keycloak's password credential: since 8 its parts are JSON inside of texts, before that they stood beside each other. */
export function readCredential(credential: JsonObject): PasswordRead {
  const clear = member(credential, 'value')
  if (typeof clear === 'string') return clear === '' ? { problem: 'is empty' } : { clear }
  const secret = inner(credential, 'secretData') ?? credential
  const data = inner(credential, 'credentialData') ?? credential
  const value = member(secret, 'value') ?? member(secret, 'hashedSaltedValue')
  if (value === undefined || value === null || value === '') return { problem: 'is empty' }
  const salt = member(secret, 'salt')
  const [hash, salted] = [value, salt].map((each) =>
    typeof each === 'string' ? bytesOf(each) : undefined,
  )
  const iterations = Number(member(data, 'hashIterations'))
  const algorithm = member(data, 'algorithm')
  if (hash === undefined || salted === undefined || !Number.isSafeInteger(iterations))
    return malformed
  if (algorithm === 'argon2') return argon2(data, iterations, salted, hash)
  const digest = digests.get(typeof algorithm === 'string' ? algorithm : '')
  if (digest === undefined) return { problem: 'is of a kind that cannot be verified here' }
  return storedHash(pbkdf2Form(digest, iterations, salted, hash))
}

function argon2(data: JsonObject, passes: number, salt: Buffer, hash: Buffer): PasswordRead {
  const more = member(data, 'additionalParameters')
  const said = (name: string): string => {
    const value: Json | undefined = isObject(more) ? member(more, name) : undefined
    return plainText(Array.isArray(value) ? entriesOf(value)[0] : value)
  }
  if (said('version') !== '1.3') return { problem: 'is of Argon2 before version 1.3' }
  const [saltText, hashText] = [salt, hash].map((bytes) =>
    bytes.toString('base64').replace(/=+$/, ''),
  )
  const costs = `m=${said('memory')},t=${passes},p=${said('parallelism')}`
  return storedHash(`$argon2${said('type')}$v=19$${costs}$${saltText}$${hashText}`)
}

function inner(credential: JsonObject, name: string): JsonObject | undefined {
  const text = member(credential, name)
  if (isObject(text)) return text
  return typeof text === 'string' ? parseJsonObject(text) : undefined
}
