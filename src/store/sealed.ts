import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import type { Random } from '../base/random.ts'
import type { VersionedKey } from './key.ts'
import type { Store, Stored } from './store.ts'

/** Keys for values at rest: the first seals, all of them open. */
export type SealingKeys = readonly VersionedKey[]

const nonceLength = 12
const tagLength = 16
const overhead = 1 + nonceLength + tagLength

/**
 * A shelf whose values are unreadable without a key: AES-256-GCM, stored as key version (1 byte),
 * nonce, ciphertext and tag, bound to the record's key so that values cannot trade places. Nonces
 * are random, hence at most 2^32 values per key version (NIST SP 800-38D §8.3). Keys stay in
 * clear, and so do empty values, which say nothing.
 *
 * A value that does not open was tampered with, or its key version is gone: reading it throws.
 */
export function sealedStore(store: Store, keys: SealingKeys, random: Random): Store {
  const [sealing] = keys
  if (sealing === undefined) throw new Error('there is no sealing key')
  const seal = (key: string, value: Buffer): Buffer =>
    value.length === 0 ? value : sealValue(sealing, key, value, random(nonceLength))
  const open = (key: string, stored: Stored | undefined): Stored | undefined =>
    stored === undefined || stored.value.length === 0
      ? stored
      : { value: openValue(keys, key, stored.value), version: stored.version }
  return {
    ...store,
    get(key) {
      const stored = store.get(key)
      return stored instanceof Promise ? stored.then((it) => open(key, it)) : open(key, stored)
    },
    insert: (key, value, expiry, mark) => store.insert(key, seal(key, value), expiry, mark),
    replace: (key, version, value, expiry, mark) =>
      store.replace(key, version, seal(key, value), expiry, mark),
    take: async (key) => open(key, await store.take(key)),
  }
}

function sealValue(
  { version, key }: VersionedKey,
  name: string,
  value: Buffer,
  nonce: Buffer,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(name, 'latin1'))
  const sealed = Buffer.allocUnsafe(value.length + overhead)
  sealed[0] = version
  nonce.copy(sealed, 1)
  cipher.update(value).copy(sealed, 1 + nonceLength)
  cipher.final()
  cipher.getAuthTag().copy(sealed, sealed.length - tagLength)
  return sealed
}

function openValue(keys: SealingKeys, name: string, sealed: Buffer): Buffer {
  const key = keys.find(({ version }) => version === sealed[0])?.key
  if (key === undefined) throw new Error(`the value of ${name} is sealed under an unknown key`)
  if (sealed.length <= overhead) throw new Error(`the value of ${name} is cut off`)
  try {
    return decipher(key, name, sealed)
  } catch (cause) {
    throw new Error(`the value of ${name} does not open`, { cause })
  }
}

function decipher(key: KeyObject, name: string, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(1, 1 + nonceLength)
  const opening = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  opening.setAAD(Buffer.from(name, 'latin1'))
  opening.setAuthTag(sealed.subarray(-tagLength))
  const value = opening.update(sealed.subarray(1 + nonceLength, -tagLength))
  opening.final()
  return value
}
