/**
 * grant: the one record of an authorization, from push to last token, and the handles that open it.
 * Knows nothing of how a request is validated or a user is asked.
 */
import type { Cipheriv, Decipheriv, KeyObject } from 'node:crypto'
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'
import { base64url, fromBase64url } from '../base/bytes.ts'
import type { Mac } from '../base/hmac.ts'
import { hmacSha256 } from '../base/hmac.ts'
import type { HandleKey, Realm } from '../realm/realm.ts'

/** What a handle opens its record for. `counted` handles carry a number: the n-th of their kind. */
const kinds = {
  request_uri: { byte: 1, counted: false },
  code: { byte: 2, counted: false },
  refresh: { byte: 3, counted: true },
  access: { byte: 4, counted: true },
  grant: { byte: 5, counted: false },
} as const

export type HandleKind = keyof typeof kinds

/** The 16 bytes a record is found by: 6 of sweep time, 2 of a counter, 8 random. */
export type RecordKey = Buffer

/** What a genuine handle says. */
export interface OpenedHandle {
  readonly key: RecordKey
  readonly n: number
}

interface Machine {
  readonly encipher: Cipheriv
  readonly decipher: Decipheriv
  readonly mac: Mac
}

const machines = new WeakMap<KeyObject, Machine>()

/** A new record's key, from which `sweepAfter` (seconds) can be read by whoever has the database. */
export function newRecordKey(realm: Realm, sweepAfter: number): RecordKey {
  const key = Buffer.allocUnsafe(16)
  key.writeUIntBE(sweepAfter, 0, 6)
  created = (created + 1) % 65_536
  key.writeUInt16BE(created, 6)
  realm.random(8).copy(key, 8)
  return key
}

/** Counts this process's keys, so that those of one second come in order and share pages of the store. */
let created = 0

/** The store's key of a record. */
export function storeKey(key: RecordKey): string {
  return key.toString('hex')
}

/**
 * The handle of a kind for a record: base64url of the enciphered key and a MAC over kind, number,
 * realm and key; 43 characters, 48 where a number rides along. Nothing of it is stored anywhere.
 */
export function handleOf(realm: Realm, kind: HandleKind, key: RecordKey, n = 0): string {
  const machine = machineOf((realm.handleKeys[0] as HandleKey).key)
  const tag = macOf(realm, machine, kind, key, n)
  const parts = [machine.encipher.update(varied(kind, key, n)), tag]
  if (kinds[kind].counted) parts.push(masked(machine, tag, n))
  return base64url(Buffer.concat(parts))
}

/** Opens a handle without reading any store; undefined for whatever this realm never made. */
export function openHandle(
  realm: Realm,
  kind: HandleKind,
  handle: string,
): OpenedHandle | undefined {
  const { counted } = kinds[kind]
  if (handle.length !== (counted ? 48 : 43)) return undefined
  const bytes = fromBase64url(handle)
  if (bytes === undefined) return undefined
  const block = bytes.subarray(0, 16)
  const tag = bytes.subarray(16, 32)
  for (const handleKey of realm.handleKeys) {
    const machine = machineOf(handleKey.key)
    const n = counted ? masked(machine, tag, bytes.readUInt32BE(32)).readUInt32BE(0) : 0
    const key = varied(kind, machine.decipher.update(block), n)
    if (timingSafeEqual(macOf(realm, machine, kind, key, n), tag)) return { key, n }
  }
  return undefined
}

function macOf(
  realm: Realm,
  machine: Machine,
  kind: HandleKind,
  key: RecordKey,
  n: number,
): Buffer {
  const length = Buffer.byteLength(realm.path)
  const said = Buffer.allocUnsafe(21 + length)
  said[0] = kinds[kind].byte
  said.writeUInt32BE(n, 1)
  key.copy(said, 5)
  said.write(realm.path, 21)
  return machine.mac(said).subarray(0, 16)
}

/** Kind and number go into the block, so that handles of one record show nothing of each other; its own inverse. */
function varied(kind: HandleKind, key: RecordKey, n: number): RecordKey {
  const block = Buffer.from(key)
  block.writeUInt32BE((block.readUInt32BE(11) ^ n) >>> 0, 11)
  block[15] = (block[15] as number) ^ kinds[kind].byte
  return block
}

/** The number, hidden by a block that only this handle has; its own inverse. */
function masked(machine: Machine, tag: Buffer, n: number): Buffer {
  const mask = machine.encipher.update(tag)
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE((mask.readUInt32BE(0) ^ n) >>> 0)
  return bytes
}

/** One block in ECB mode is the block cipher itself; the objects are kept since making them costs more than the block. */
function machineOf(key: KeyObject): Machine {
  const known = machines.get(key)
  if (known !== undefined) return known
  const subkey = (label: string): KeyObject =>
    createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `parapet ${label}`, 32)))
  const block = subkey('handle block')
  const machine: Machine = {
    encipher: createCipheriv('aes-256-ecb', block, null).setAutoPadding(false),
    decipher: createDecipheriv('aes-256-ecb', block, null).setAutoPadding(false),
    mac: hmacSha256(subkey('handle mac').export()),
  }
  machines.set(key, machine)
  return machine
}
