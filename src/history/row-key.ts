import { createHash, createHmac } from 'node:crypto'
import type { Realm } from '../realm/realm.ts'

/** Names that one row may be found by; more would make its key longer than keys may be. */
export const mostNames = 160

/** Looks in the sieve for one name: of two hundred rows without it about one is opened in vain. */
const looks = 4

/**
 * Where rows lie, in the records shelf: `history/<realm>/<time><process>-<sieve>`. The sieve is a Bloom
 * filter of what a row is about, 12 bits for each name, so that a look through a whole day opens
 * hardly any row that says nothing of it. It goes by a key of the realm's own.
 */
export function rowFolder({ identity }: Pick<Realm, 'identity'>): string {
  return `history/${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}`
}

/** `names`: hashes of what it is found by. `leaves`: it also says what was left out. */
export function rowKey(
  realm: Realm,
  at: number,
  tail: string,
  names: ReadonlySet<number>,
  leaves: boolean,
): string {
  const seed = seedsOf(realm)[0] ?? 0
  const sieve = Buffer.alloc(Math.max(4, Math.ceil((names.size * 12) / 8)))
  for (const name of names) put(sieve, seeded(seed, name))
  const mark = leaves ? 'x' : ''
  return `${rowFolder(realm)}/${rowTime(at)}${tail}-${sieve.toString('base64url')}.${mark}`
}

/** A time in milliseconds as the beginning of a row's key. */
export function rowTime(at: number): string {
  return Math.max(0, Math.floor(at)).toString(16).padStart(12, '0')
}

/** Tells rows that may name one of these, or that say what was left out, by their keys. */
export function rowsNaming(realm: Realm, names: readonly string[]): (key: string) => boolean {
  const seeds = seedsOf(realm)
  const hashes = names.flatMap((name) => seeds.map((seed) => seeded(seed, nameHash(name))))
  return (key) => {
    const sieve = /^-([\w-]*)\.(x?)$/.exec(key.slice(key.lastIndexOf('/') + 21))
    if (sieve === null || sieve[2] === 'x') return true
    const bytes = Buffer.from(sieve[1] as string, 'base64url')
    return hashes.some((hash) => has(bytes, hash))
  }
}

function put(sieve: Buffer, name: number): void {
  const size = sieve.length * 8
  for (let i = 0, at = name; i < looks; i += 1, at = next(at, name)) {
    const bit = at % size
    sieve[bit >> 3] = (sieve[bit >> 3] as number) | (1 << (bit & 7))
  }
}

function has(sieve: Buffer, name: number): boolean {
  const size = sieve.length * 8
  for (let i = 0, at = name; i < looks; i += 1, at = next(at, name)) {
    const bit = at % size
    if (((sieve[bit >> 3] as number) & (1 << (bit & 7))) === 0) return false
  }
  return true
}

/** Steps of one name's own length, so that two names seldom meet at all of them. */
function next(at: number, name: number): number {
  return (at + (Math.imul(name ^ (name >>> 15), 0x2c1b3c6d) | 1)) >>> 0
}

/** FNV-1a, 32 bits: it only has to spread names. */
export function nameHash(name: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < name.length; i += 1) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/** The same under a key: whoever reads a row's key and knows a name does not see that they belong together. */
function seeded(seed: number, name: number): number {
  let value = Math.imul(name ^ seed, 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13) ^ (seed << 7), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

function seedsOf(realm: Realm): number[] {
  return realm
    .secrets('history')
    .map((secret) => createHmac('sha256', secret).update('sieve').digest().readUInt32BE())
}
