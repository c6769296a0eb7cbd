import type { Realm } from '../realm/realm.ts'
import { realmName } from '../realm/realm.ts'

/**
 * One spelling for all ways to write a name: what is counted and looked up by name is by this. Spaces
 * fold as they do in a directory (RFC 4518 §2.6.1): none around, one of many between.
 */
export function plainUsername(username: string): string {
  return unfolded(username)
    .replace(/[\s\x85]+/g, ' ')
    .trim()
}

/**
 * What a name is not given with: control characters, line separators, marks that turn the direction of what
 * stands beside it, and halves of a character. Whoever reads a list or a log could not tell it from another name.
 */
const unfit = String.raw`\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff`

/** The same for a schema, with something in it that is no space. */
export const fitNamePattern = `^[^${unfit}]*[^${unfit}\\s][^${unfit}]*$`

/** The same in words. */
export const fitNameIs = 'without control characters, line separators and marks of direction'

const isUnfit = new RegExp(`[${unfit}]`, 'u')

/** Whether somebody new may be called that. Those of before keep their names, so that they can be found and removed. */
export function isFitName(name: string): boolean {
  return !isUnfit.test(name)
}

/** How somebody is named to operators: the root's people by their name, all others with their realm before it. */
export function nameIn(realm: string, username: string): string {
  return realm === '/' ? username : `${realm} ${username}`
}

/** The spelling accounts were kept under when their spaces still counted. */
function unfolded(username: string): string {
  return username.normalize('NFC').toLowerCase()
}

/** The folder of the names of a realm's accounts, in their order. */
export function nameFolder(realm: Pick<Realm, 'path'>): string {
  return `username/${realmName(realm.path)}`
}

/**
 * Where an account of that name may be found, the one to write last: an account from before spaces
 * folded keeps its own spelling. Nowhere for what is nobody's name: too long for a key, or not even text.
 */
export function usernameKeys(realm: Pick<Realm, 'path'>, username: string): readonly string[] {
  if (username.length > 256 || !username.isWellFormed()) return []
  const name = plainUsername(username)
  if (name === '') return []
  const keys = [...new Set([unfolded(username), name])].map(
    (each) => `${nameFolder(realm)}/${encodeURIComponent(each)}`,
  )
  return keys.every((key) => key.length <= 512) ? keys : []
}
