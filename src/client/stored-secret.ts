import { argon2Hash, argon2Verify } from '../base/argon2.ts'
import { equalInConstantTime } from '../base/bytes.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import type { JsonSchema } from '../protocol/schema.ts'
import type { Realm } from '../realm/realm.ts'
import { digest, isChosen } from './secret.ts'

/**
 * A client secret at rest. `hash`: `sha256:<base64url>` of a generated one (256 bits), else the PHC
 * string of argon2id, for a chosen one may be weak.
 */
export interface StoredSecret {
  readonly hash: string
  /**
   * The secret itself, only where the registration uses it as a key (HS256 …; C-27): then a hash is
   * of no use. The store seals every value.
   */
  readonly symmetric?: string
  /** Seconds since 1970 until which it still works, once there is a newer one. */
  readonly until?: number
}

/** What a generated secret looks like: 256 random bits or more as base64url. */
const generated = /^[A-Za-z0-9_-]{43,}$/

/** Hashes a secret for storing. `keep`: it is also used as a symmetric key. */
export async function hashSecret(
  realm: Realm,
  secret: string,
  keep: boolean,
): Promise<StoredSecret> {
  const stored = { hash: await hashOf(realm, secret) }
  return keep ? { ...stored, symmetric: secret } : stored
}

function hashOf(realm: Realm, secret: string): Ready<string> {
  return looksGenerated(secret)
    ? digest(secret)
    : argon2Hash(secret, realm.random(16), realm.hashCost)
}

/** Long enough, and not just long: some person may have typed one key 43 times. */
function looksGenerated(secret: string): boolean {
  return generated.test(secret) && new Set(secret).size >= 16
}

/** Whether this is the secret that is stored so; takes its time with a chosen one. */
export function isSecret(stored: StoredSecret, secret: string): Ready<boolean> {
  return isChosen(stored)
    ? argon2Verify(stored.hash, secret)
    : equalInConstantTime(stored.hash, digest(secret))
}

const phc = String.raw`^(?:sha256:[\w-]{43}|\$argon2id\$[\x21-\x7e]{20,300})$`
const hashForm = new RegExp(phc)

/** What `readStoredSecrets` takes. */
export const storedSecretsSchema: JsonSchema = {
  type: 'array',
  maxItems: 2,
  items: {
    type: 'object',
    properties: {
      hash: { type: 'string', pattern: phc },
      symmetric: { type: 'string' },
      until: { type: 'integer' },
    },
    required: ['hash'],
    additionalProperties: false,
  },
  writeOnly: true,
  description: 'Secrets as they are stored, newest first, in place of one in clear.',
}

/** Stored secrets from a backup; undefined when they are none. */
export function readStoredSecrets(value: Json): readonly StoredSecret[] | undefined {
  if (!Array.isArray(value) || value.length > 2) return undefined
  const read = (value as readonly Json[]).map(readStoredSecret)
  return read.some((each) => each === undefined) ? undefined : (read as readonly StoredSecret[])
}

function readStoredSecret(value: Json): StoredSecret | undefined {
  if (!isObject(value)) return undefined
  const { hash, symmetric, until, ...more } = value
  if (typeof hash !== 'string' || !hashForm.test(hash) || Object.keys(more).length > 0)
    return undefined
  if (symmetric !== undefined && typeof symmetric !== 'string') return undefined
  if (until !== undefined && typeof until !== 'number') return undefined
  return {
    hash,
    ...(symmetric === undefined ? {} : { symmetric }),
    ...(until === undefined ? {} : { until }),
  }
}

/** The same as JSON. */
export function secretJson({ hash, symmetric, until }: StoredSecret): JsonObject {
  return {
    hash,
    ...(symmetric === undefined ? {} : { symmetric }),
    ...(until === undefined ? {} : { until }),
  }
}
