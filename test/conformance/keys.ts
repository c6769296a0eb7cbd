/** Key pairs of clients, made for one run: nothing here is a secret. */
import { generateKeyPairSync } from 'node:crypto'
import type { JsonObject } from '../../src/base/json.ts'

/** A client's keys, as the suite and the server are told them. */
interface KeySets {
  /** A JWK set. */
  readonly private: JsonObject
  /** A JWK set, as JSON text. */
  readonly public: string
}

export type Keys = ReadonlyMap<string, KeySets>

export function keysOf(algorithms: Readonly<Record<string, string>>): Keys {
  return new Map(Object.entries(algorithms).map(([name, alg]) => [name, keySets(name, alg)]))
}

function keySets(name: string, alg: string): KeySets {
  const pair = alg.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const shared = { kid: name, alg, use: 'sig' }
  const set = (key: typeof pair.publicKey): JsonObject => ({
    keys: [{ ...(key.export({ format: 'jwk' }) as JsonObject), ...shared }],
  })
  return { private: set(pair.privateKey), public: JSON.stringify(set(pair.publicKey)) }
}
