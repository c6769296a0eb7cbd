/**
 * Where accounts are found by what is not their name: keys that are hints, in one folder of the realm.
 * Whoever comes by them looks whether the account still says the same.
 */
import { createHash } from 'node:crypto'
import { realmName } from '../../realm/realm.ts'
import { keysIn } from '../../store/keys-in.ts'
import { never } from '../../store/store.ts'
import { removeAsRead, writeOver } from '../../store/update.ts'
import type { Attribute } from '../attribute.ts'
import { attributeOf } from '../attribute.ts'
import { valuesOf } from '../attribute-values.ts'
import type { EndUser, Population } from '../end-user.ts'

const mail = attributeOf('mail') as Attribute

/** The folder that holds the keys, without an account's in it. */
function indexFolder(realm: Population): string {
  return `userindex/${realmName(realm.path)}`
}

/** Says that all accounts are in it. */
export function wholeKey(realm: Population): string {
  return `${indexFolder(realm)}/whole`
}

/** Texts of any length in 43 characters; case does not count. */
function hashOf(value: string): string {
  const plain = value.normalize('NFC').toLowerCase()
  return createHash('sha256').update(plain).digest('base64url')
}

/** What begins the keys of one value. */
function placeOf(realm: Population, letter: 'm' | 'g' | 'p', value: string): string {
  return `${indexFolder(realm)}/${letter}${hashOf(value)}-`
}

function keysOf(realm: Population, user: EndUser): readonly string[] {
  const places = [
    ...valuesOf(user.attributes, mail).map((value) => placeOf(realm, 'm', value as string)),
    ...Object.values(user.groups).map((group) => placeOf(realm, 'g', group)),
    ...credentialsOf(user).map((id) => placeOf(realm, 'p', id)),
  ]
  return [...new Set(places)].map((place) => `${place}${user.sub}`)
}

/** The ids of the passkeys of an account. */
function credentialsOf({ devices = {} }: EndUser): readonly string[] {
  return (devices.webauthn ?? []).flatMap(({ credentialId }) =>
    typeof credentialId === 'string' ? [credentialId] : [],
  )
}

const empty = Buffer.alloc(0)

/** The keys that one state of an account has and another has not. */
export function newKeys(
  realm: Population,
  after: EndUser | undefined,
  before: EndUser | undefined,
): readonly string[] {
  if (after === undefined) return []
  const same = (['attributes', 'groups', 'devices'] as const).every(
    (name) => after[name] === before?.[name],
  )
  if (same) return []
  const old = new Set(before === undefined ? [] : keysOf(realm, before))
  return keysOf(realm, after).filter((key) => !old.has(key))
}

export async function insertKeys({ settings }: Population, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => settings.insert(key, empty, never)))
}

export async function deleteKeys(realm: Population, keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => realm.settings.delete(key)))
  const places = keys.map((key) => key.slice(indexFolder(realm).length + 1))
  for (const place of places)
    if (place.startsWith('m')) await forgetTaking(realm, place.slice(1, 44), subIn(place))
}

/** How a mail address stood when it was looked up: by which account it was last taken, if it ever was. */
export interface AddressSeen {
  readonly address: string
  /** Absent: it never was. */
  readonly version?: number
}

/** The key that says which account took an address last, of those that take one they have looked up. */
function takingKey(realm: Population, hash: string): string {
  return `useraddress/${realmName(realm.path)}/${hash}`
}

/** To be asked before it is looked up whose the address is. */
export async function seeAddress(realm: Population, address: string): Promise<AddressSeen> {
  const taken = await realm.settings.get(takingKey(realm, hashOf(address)))
  return taken === undefined ? { address } : { address, version: taken.version }
}

/**
 * Takes an address for a new account that the index has already; false where another one has taken it since it was seen.
 * Whoever comes first wins, and whoever sees it later finds that one by the index.
 */
export async function takeAddress(
  realm: Population,
  { address, version }: AddressSeen,
  sub: string,
): Promise<boolean> {
  const before = version === undefined ? undefined : { version }
  return writeOver(realm.settings, takingKey(realm, hashOf(address)), Buffer.from(sub), before)
}

async function forgetTaking(realm: Population, hash: string, sub: string): Promise<void> {
  const taken = await realm.settings.get(takingKey(realm, hash))
  if (taken?.value.toString() === sub)
    await removeAsRead(realm.settings, takingKey(realm, hash), taken)
}

/** The accounts that may have this mail address, at most `most` and one more. */
export function subsByMail(realm: Population, address: string, most: number): Promise<string[]> {
  return subsAt(realm, placeOf(realm, 'm', address), most)
}

/** Who may have a mail address, and somebody else. */
export interface Neighbours {
  readonly subs: readonly string[]
  /** An account whose key is the next one, by which as much is read where nobody has the address; absent: there is none. */
  readonly another: string | undefined
}

/**
 * The accounts that may have this mail address, at most `most`, and another one. What is asked of the store goes by where
 * the address stands among all, and not by whether somebody has it.
 */
export async function neighboursByMail(
  realm: Population,
  address: string,
  most: number,
): Promise<Neighbours> {
  const place = placeOf(realm, 'm', address)
  const folder = indexFolder(realm)
  const { keys } = await realm.settings.list(folder, most + 1, place)
  const own = keys.filter((key) => key.startsWith(place)).slice(0, most)
  const behind = keys.find((key) => !key.startsWith(place) && isOfOne(key))
  const [first] = behind === undefined ? (await realm.settings.list(folder, 1)).keys : [behind]
  const another = first !== undefined && isOfOne(first) ? subIn(first) : undefined
  return { subs: own.map(subIn), another }
}

/** A `sub` ends the key of an account; the mark of a whole index is shorter than one. */
const subLength = 36

function isOfOne(key: string): boolean {
  return key.charAt(key.length - subLength - 1) === '-'
}

function subIn(key: string): string {
  return key.slice(-subLength)
}

/** The accounts that may be in the group of this id, at most `most` and one more. */
export function subsByGroup(realm: Population, group: string, most: number): Promise<string[]> {
  return subsAt(realm, placeOf(realm, 'g', group), most)
}

/** The accounts that may have a passkey of this id, at most `most` and one more. One from before there were such keys has none. */
export function subsByCredential(realm: Population, id: string, most: number): Promise<string[]> {
  return subsAt(realm, placeOf(realm, 'p', id), most)
}

async function subsAt(realm: Population, place: string, most: number): Promise<string[]> {
  const subs: string[] = []
  const start = { after: place, first: 4 }
  for await (const key of keysIn(realm.settings, indexFolder(realm), start)) {
    if (!key.startsWith(place) || subs.push(key.slice(place.length)) > most) break
  }
  return subs
}
