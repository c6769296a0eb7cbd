import type { ShelfName } from '../backend.ts'
import { lastSecond, type Stored } from '../store.ts'
import type { Place } from './place.ts'

/**
 * Where the keys of a shelf lie in Redis. In a cluster the slot of a key is taken from what stands in
 * braces, and what lies in one slot is written in one step. So all settings have one slot, with the count of
 * their changes and their lists; and of the records those of one folder have one, with its list, while those
 * of no folder, which are most, lie anywhere.
 */
export interface Layout {
  readonly of: (key: string) => string
  /** The names in a folder, in order, and when each ends. */
  readonly lists: (folder: string) => readonly [names: string, ends: string]
  /** How often settings were changed; none is counted of records. */
  readonly counter: string | undefined
  /** Where each change is told. A channel belongs to no database of Redis, so its name has the database in it. */
  readonly channel: string
  /** What `of` gives, as a pattern of SCAN, and back. */
  readonly pattern: string
  readonly keyIn: (at: string) => string
  /** What is there once a server has used it. */
  readonly trace: string
}

/** A key's folder and its name in there; undefined where it is in none. */
export function filedAs(key: string): readonly [folder: string, name: string] | undefined {
  const slash = key.lastIndexOf('/')
  return slash === -1 ? undefined : [key.slice(0, slash), key.slice(slash + 1)]
}

export function layoutOf({ prefix, db }: Pick<Place, 'prefix' | 'db'>, shelf: ShelfName): Layout {
  return shelf === 'settings' ? settingsLayout(prefix, db) : recordsLayout(prefix)
}

function settingsLayout(prefix: string, db: number): Layout {
  const slot = `{${prefix}:settings}`
  const start = `${slot}:k:`
  return {
    of: (key) => start + key,
    lists: (folder) => [`${slot}:names:${folder}`, `${slot}:ends:${folder}`],
    counter: `${slot}:changes`,
    channel: `${slot}:changes:${db}`,
    pattern: `${start}*`,
    keyIn: (at) => at.slice(start.length),
    trace: `${slot}:changes`,
  }
}

function recordsLayout(prefix: string): Layout {
  const start = `${prefix}:records:`
  // The slash keeps the braces from being empty, which would be no tag.
  const listsOf = (folder: string) =>
    [`${start}names:{/${folder}}`, `${start}ends:{/${folder}}`] as const
  return {
    of(key) {
      const filed = filedAs(key)
      return filed === undefined ? `${start}k:${key}` : `${start}f:{/${filed[0]}}/${filed[1]}`
    },
    lists: listsOf,
    counter: undefined,
    channel: '',
    pattern: `${start}[kf]:*`,
    keyIn(at) {
      const text = at.slice(start.length + 2)
      if (at[start.length] === 'k') return text
      const slash = text.lastIndexOf('/')
      return text.slice(2, slash - 1) + text.slice(slash)
    },
    // Both shelves have a canary of their sealing key.
    trace: listsOf('canary')[0],
  }
}

/** Version and expiry, 6 bytes each, stand before every value. */
const head = 12

/** What stands before a value, a byte for each sign. */
export function headOf(version: number, expiry: number): string {
  const last = lastSecond(expiry)
  return (
    sixBytes(Math.floor(version / 2 ** 32), version >>> 0) +
    sixBytes(Math.floor(last / 2 ** 32), last >>> 0)
  )
}

function sixBytes(above: number, below: number): string {
  return String.fromCharCode(
    (above >> 8) & 255,
    above & 255,
    below >>> 24,
    (below >> 16) & 255,
    (below >> 8) & 255,
    below & 255,
  )
}

/** A value with its head; undefined once it has ended. */
export function unpacked(
  bytes: Buffer | null,
  now: number,
): (Stored & { readonly expiry: number }) | undefined {
  if (bytes === null || bytes.length < head) return undefined
  const expiry = bytes.readUIntBE(6, 6)
  if (expiry < now) return undefined
  return { value: bytes.subarray(head), version: bytes.readUIntBE(0, 6), expiry }
}

/** CRC16 (XMODEM) of each byte, by which Redis Cluster finds slots (Redis Cluster Specification, Appendix A). */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021
  return crc
})

/** How many slots the keys of a cluster are dealt to (Redis Cluster Specification, "Key distribution model"). */
export const slotCount = 16_384

/** The slot of a key in ASCII, from 0 on: of what stands in its first braces, if there is something in them. */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open === -1 ? -1 : key.indexOf('}', open + 1)
  const tagged = close > open + 1
  const end = tagged ? close : key.length
  let crc = 0
  for (let i = tagged ? open + 1 : 0; i < end; i += 1)
    crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ key.charCodeAt(i)] ?? 0)
  return crc % slotCount
}
