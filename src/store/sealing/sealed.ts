import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { reasonOf } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import { whenReady } from '../../base/ready.ts'
import type { Damage } from '../damage.ts'
import type { VersionedKey } from '../key.ts'
import { type Store, type Stored, StoreUnavailable } from '../store.ts'

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
 * A value that does not open was tampered with, or its key version is gone: reading it throws, and
 * is noted as `damage` if it should be.
 */
export function sealedStore(
  store: Store,
  keys: SealingKeys,
  random: Random,
  damage?: Damage,
): Store {
  const [sealing] = keys
  if (sealing === undefined) throw new Error('there is no sealing key')
  const recent = recentValues()
  const seal = (key: string, value: Buffer): Buffer =>
    value.length === 0 ? value : sealValue(sealing, key, value, random(nonceLength))
  const open = opener(keys, recent, damage)
  return {
    ...store,
    get(key) {
      return whenReady(store.get(key), (stored) => open(key, stored))
    },
    insert: (key, value, expiry, mark, behind) =>
      store.insert(key, seal(key, value), expiry, mark, behind),
    replace(key, version, value, expiry, mark, behind) {
      const sealed = seal(key, value)
      recent.keep(key, sealed, value)
      return store.replace(key, version, sealed, expiry, mark, behind)
    },
    damaged: () => damage?.noted() === true || store.damaged(),
  }
}

/** Opens what a store gave, unless it is the sealed form of a value that was kept. */
function opener(
  keys: SealingKeys,
  recent: RecentValues,
  damage: Damage | undefined,
): (key: string, stored: Stored | undefined) => Stored | undefined {
  const unsealed = (key: string, sealed: Buffer): Buffer => {
    try {
      return openValue(keys, key, sealed)
    } catch (cause) {
      damage?.note(reasonOf(cause))
      throw damage === undefined ? cause : new StoreUnavailable('not readable', { cause })
    }
  }
  return (key, stored) => {
    if (stored === undefined || stored.value.length === 0) return stored
    const known = recent.find(key, stored.value)
    if (known !== undefined) return { value: known, version: stored.version }
    const value = unsealed(key, stored.value)
    recent.keep(key, stored.value, value)
    return { value, version: stored.version }
  }
}

const mostRecent = 128

interface RecentValues {
  keep(key: string, sealed: Buffer, value: Buffer): void
  find(key: string, sealed: Buffer): Buffer | undefined
}

/**
 * What was replaced or opened a moment ago: a code is redeemed at once, a session used again. When the
 * store gives the very bytes that were made of a value, there is nothing to open. Few are kept, in
 * turn, so that they cost next to nothing; what is new is not, since most of it waits for a person.
 * Both are kept as texts: bytes of a store that is reached by a connection are part of a piece of 64 KiB, which
 * they would hold whole.
 */
function recentValues(): RecentValues {
  const slots = new Map<string, number>()
  const kept: { key: string; sealed: string; text: string }[] = []
  let next = 0
  return {
    keep(key, sealed, value) {
      const before = kept[next]
      if (before !== undefined && slots.get(before.key) === next) slots.delete(before.key)
      kept[next] = { key, sealed: sealed.toString('latin1'), text: value.toString('latin1') }
      slots.set(key, next)
      next = (next + 1) % mostRecent
    },
    find(key, sealed) {
      const slot = slots.get(key)
      const found = slot === undefined ? undefined : kept[slot]
      return found?.sealed === sealed.toString('latin1')
        ? Buffer.from(found.text, 'latin1')
        : undefined
    },
  }
}

function sealValue(
  { version, key }: VersionedKey,
  name: string,
  value: Buffer,
  nonce: Buffer,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(aadOf(name))
  const sealed = Buffer.allocUnsafe(value.length + overhead)
  sealed[0] = version
  sealed.set(nonce, 1)
  sealed.set(cipher.update(value), 1 + nonceLength)
  cipher.final()
  sealed.set(cipher.getAuthTag(), sealed.length - tagLength)
  return sealed
}

/** A record's key for the cipher, which reads it at once. */
function aadOf(name: string): Buffer {
  return bound.subarray(0, bound.write(name, 'latin1'))
}

/** As long as keys may be: what is longer no store takes. */
const bound = Buffer.alloc(512)

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
  opening.setAAD(aadOf(name))
  opening.setAuthTag(sealed.subarray(-tagLength))
  const value = opening.update(sealed.subarray(1 + nonceLength, -tagLength))
  opening.final()
  return value
}
