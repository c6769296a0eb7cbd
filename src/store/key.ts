import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { closeSync, existsSync, fstatSync, openSync } from 'node:fs'
import { base64url, fromBase64url } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { mostOfSecret, NotRead, textOf } from '../base/read-text.ts'
import { createFile } from './create-file.ts'

/** A key and the number, 1 to 255, by which what it made names it. */
export interface VersionedKey {
  readonly version: number
  readonly key: KeyObject
}

/**
 * The secrets everything else is derived from; never in the database. The first makes what is new,
 * all of them open what is old, so that keys change with overlap.
 */
export type MasterKeys = readonly VersionedKey[]

/** One derived key for each master key, in the same order: `sealing`, `handles`. */
export function subkeys(master: MasterKeys, label: string): readonly VersionedKey[] {
  return master.map(({ version, key }) => ({ version, key: derive(key, `subkey ${label}`) }))
}

/** The key of a purpose that needs no old versions: derived from the first master key. */
export function subkey([first]: MasterKeys, label: string): KeyObject {
  if (first === undefined) throw new Error('there is no master key')
  return derive(first.key, `subkey ${label}`)
}

/**
 * Reads keys from a text: one key, or several as `2:key,1:key` (commas or lines), the one for new
 * values first. A key is 32 bytes as 43 characters of base64url or 64 hex digits, or a passphrase
 * of at least 32 characters. Throws what is wrong, never what was read.
 */
export function parseMasterKeys(text: string): MasterKeys {
  const entries = text.trim().split(/\s*[,\n]\s*/)
  const isList = entries.some((entry) => /^\d+:/.test(entry))
  const keys = isList ? listed(entries) : [parseKey(1, text.trim())]
  if (new Set(keys.map(({ version }) => version)).size < keys.length) {
    throw new Error('two keys have the same version')
  }
  return keys
}

/** Keys as a text that `parseMasterKeys` reads; a passphrase comes as what was derived from it. */
export function keysText(master: MasterKeys): string {
  return master.map(({ version, key }) => `${version}:${base64url(key.export())}`).join(',')
}

/**
 * The text as one passphrase, where it looks like a list and is none without a fault: so it was read
 * once, and what it sealed it goes on opening. Whether it sealed anything only a store can tell.
 */
export function asPassphrase(text: string): MasterKeys | undefined {
  const entries = text.trim().split(/\s*[,\n]\s*/)
  if (entries.every((entry) => /^\d{1,3}:.+$/s.test(entry))) return undefined
  return weakness(text.trim()) === undefined ? [parseKey(1, text.trim())] : undefined
}

/** A list with a slip in it is no passphrase: it would be a key that opens nothing, or a new one. */
function listed(entries: readonly string[]): VersionedKey[] {
  const given = entries.at(-1) === '' ? entries.slice(0, -1) : entries
  return given.map((entry, i) => {
    const match = /^(\d+):(.+)$/s.exec(entry)
    if (match === null) throw new Error(`key ${i + 1} of ${given.length} is not <version>:<key>`)
    return parseKey(Number(match[1]), match[2] ?? '')
  })
}

function parseKey(version: number, text: string): VersionedKey {
  if (version < 1 || version > 255) throw new Error('a key version is a number from 1 to 255')
  const problem = weakness(text)
  if (problem !== undefined) {
    throw new Error(`key version ${version} ${problem}: take 32 random bytes, base64url or hex`)
  }
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : fromBase64url(text)
  if (bytes?.length === 32) return { version, key: createSecretKey(bytes) }
  return { version, key: derive(createSecretKey(Buffer.from(text)), 'passphrase') }
}

/** What anybody would guess: short, few different characters, one piece over and over, a run. */
function weakness(text: string): string | undefined {
  if (text.length < 32) return 'is shorter than 32 characters'
  if (new Set(text).size < 8) return 'has fewer than 8 different characters'
  for (let period = 1; period <= text.length / 2; period += 1) {
    if (text.startsWith(text.slice(period))) return 'repeats itself'
  }
  const steps = Array.from({ length: text.length - 1 }, (_, i) =>
    Math.abs(text.charCodeAt(i + 1) - text.charCodeAt(i)),
  )
  const small = steps.filter((step) => step <= 1).length
  return small > steps.length / 2 ? 'is a run of neighbouring characters' : undefined
}

/** HKDF-SHA-256, RFC 5869. */
function derive(key: KeyObject, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, 'parapet', info, 32)))
}

/**
 * The keys of a file (0600) beside the database. Made once, when there is no database yet; a
 * database without its key file is an error, since a new key could open none of it.
 */
export function masterKeyFile(
  file: string,
  databases: readonly string[],
  random: Random,
): MasterKeys {
  // Looked at before the key file: whoever makes both makes the key file first.
  const used = databases.find((database) => existsSync(database))
  if (!existsSync(file)) {
    if (used !== undefined) {
      throw new Error(
        `${used} is sealed, but its key file ${file} is missing: bring it back, or set PARAPET_KEY`,
      )
    }
    createFile(file, Buffer.from(`1:${base64url(random(32))}\n`), base64url(random(6)))
  }
  return parseMasterKeys(read(file))
}

function read(file: string): string {
  const handle = openSync(file, 'r')
  try {
    if ((fstatSync(handle).mode & 0o077) !== 0) {
      throw new Error(`${file} may be read by others than its owner: chmod 600`)
    }
    return textOf(handle, mostOfSecret)
  } catch (error) {
    throw error instanceof NotRead ? new Error(`${file} ${error.message}`, { cause: error }) : error
  } finally {
    closeSync(handle)
  }
}

/** Keys from a text that a setting gave. */
export function givenKeys(keyText: string): MasterKeys {
  try {
    return parseMasterKeys(keyText)
  } catch (error) {
    throw new Error(`PARAPET_KEY: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Keys of a store that several machines share: a file beside one of them would be missing at the others.
 * @throws Error that says what to set.
 */
export function sharedKeys(keyText: string | undefined): MasterKeys {
  if (keyText !== undefined) return givenKeys(keyText)
  throw new Error(
    'PARAPET_KEY must be set, to the same on every machine that serves this store: 32 random bytes, base64url or hex',
  )
}
