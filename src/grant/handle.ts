/**
 * grant: the one record of an authorization, from push to last token, and the handles that open it.
 * Knows nothing of how a request is validated or a user is asked.
 */
import type { Cipheriv, Decipheriv, KeyObject } from 'node:crypto'
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'
import { type FixedMac, fixedHmacSha256, fromBase64url } from '../base/bytes.ts'
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
  readonly macKey: Buffer
  /** By realm, as it is told from others of its path (C-37): of one realm all that is signed has one length. */
  readonly macs: Map<string, FixedMac>
}

const machines = new WeakMap<KeyObject, Machine>()

/** A new record's key, from which `sweepAfter` (seconds) can be read by whoever has the database. */
export function newRecordKey(realm: Realm, sweepAfter: number): RecordKey {
  const key = Buffer.allocUnsafe(16)
  key.writeUIntBE(sweepAfter, 0, 6)
  created = (created + 1) % 65_536
  key.writeUInt16BE(created, 6)
  key.set(realm.random(8), 8)
  return key
}

/** Keys that the record of one thing, `what`, may have: whoever has that again finds it. A new one has the first. */
export function derivedRecordKeys(
  realm: Realm,
  sweepAfter: number,
  what: string,
): readonly RecordKey[] {
  return realm.secrets('record of').map((secret) => derivedRecordKey(secret, sweepAfter, what))
}

function derivedRecordKey(secret: KeyObject, sweepAfter: number, what: string): RecordKey {
  const digest = createHmac('sha256', secret).update(what).digest()
  const key = Buffer.allocUnsafe(16)
  key.writeUIntBE(sweepAfter, 0, 6)
  digest.copy(key, 6, 0, 10)
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
  const { counted } = kinds[kind]
  const handle = Buffer.allocUnsafe(counted ? 36 : 32)
  handle.set(key)
  vary(handle, kind, n)
  handle.set(machine.encipher.update(handle.subarray(0, 16)))
  handle.write(macOf(realm, machine, kind, key, n), 16, 16, 'latin1')
  if (counted) handle.writeUInt32BE(masked(machine, handle.subarray(16, 32), n), 32)
  return handle.toString('base64url')
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
    const n = counted ? masked(machine, tag, bytes.readUInt32BE(32)) : 0
    const key = machine.decipher.update(block)
    vary(key, kind, n)
    expected.write(macOf(realm, machine, kind, key, n), 0, 16, 'latin1')
    if (timingSafeEqual(expected, tag)) return { key, n }
  }
  return undefined
}

/** RFC 9126 §2.2: the prefix of pushed request URIs. */
export const requestUriPrefix = 'urn:ietf:params:oauth:request_uri:'

/** The `request_uri` of a record, in the form that the realm has chosen. */
export function referenceOf(realm: Realm, key: RecordKey): string {
  const handle = handleOf(realm, 'request_uri', key)
  return realm.provider.parRequestUriForm === 'bare' ? handle : requestUriPrefix + handle
}

/** The handle in a `request_uri`, in either form; undefined for references of another kind. */
export function pushedHandle(request_uri: string): string | undefined {
  if (request_uri.startsWith(requestUriPrefix)) return request_uri.slice(requestUriPrefix.length)
  return /^[\w-]+$/.test(request_uri) ? request_uri : undefined
}

/** The tag a handle must have, while it is compared. */
const expected = Buffer.alloc(16)

/** HMAC over kind, number, key and realm, as a Latin-1 text. */
function macOf(
  realm: Realm,
  machine: Machine,
  kind: HandleKind,
  key: RecordKey,
  n: number,
): string {
  const said = machine.macs.get(realm.identity) ?? realmMac(machine, realm.identity)
  const { data } = said
  data[0] = kinds[kind].byte
  data.writeUInt32BE(n, 1)
  data.set(key, 5)
  return said.mac()
}

function realmMac(machine: Machine, identity: string): FixedMac {
  const made = fixedHmacSha256(machine.macKey, 21 + Buffer.byteLength(identity))
  made.data.write(identity, 21)
  machine.macs.set(identity, made)
  return made
}

/** Kind and number go into the block, so that handles of one record show nothing of each other; its own inverse. */
function vary(block: Buffer, kind: HandleKind, n: number): void {
  block.writeUInt32BE((block.readUInt32BE(11) ^ n) >>> 0, 11)
  block[15] = (block[15] as number) ^ kinds[kind].byte
}

/** The number, hidden by a block that only this handle has; its own inverse. */
function masked(machine: Machine, tag: Buffer, n: number): number {
  return (machine.encipher.update(tag).readUInt32BE(0) ^ n) >>> 0
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
    macKey: subkey('handle mac').export(),
    macs: new Map(),
  }
  machines.set(key, machine)
  return machine
}
