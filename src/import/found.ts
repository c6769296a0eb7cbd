/**
 * import: what other systems export, read and said in the names of this one. A door to the rows of `config`:
 * it has no rule of its own, and knows no server.
 */
import type { Json, JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { Kind } from '../config/kind.ts'

/** Something that has no counterpart here. */
export interface Leftover {
  /** Where it stands in the object, in the names of its file. */
  readonly attribute: string
  /** Why it is left out, where that is not said by its being unknown. Never a value. */
  readonly why?: string
}

/** An object of a foreign file, as a row of `config` takes it. */
export interface Found {
  /** Absent: there is no such kind of object here. */
  readonly kind?: Kind
  /** What a person is told it is: `user`. */
  readonly called: string
  /** The path of the realm it belongs to. */
  readonly realm: string
  readonly id: string
  readonly input: JsonObject
  readonly leftovers: readonly Leftover[]
  /** Where it was found, without naming anybody: `users[3]`, `line 17`. */
  readonly place: string
}

/** A foreign file, or a folder of them. */
export interface Source {
  /** How many people there are, where that is known before they are read. */
  readonly people?: number
  /** In an order in which each needs only what came before it. */
  items(): AsyncIterable<Found>
}

/** What whoever imports it says of it. */
export interface ImportAsked {
  /** The realm to import into, where the file does not say, or another one than it says. */
  readonly realm: string | undefined
  /** Hashes passwords that stand in clear. */
  readonly clear: boolean
}

/** The file cannot be imported as it is; the message says why, and where. */
export class NotReadable extends Error {}

/** Whether there is nothing in it worth telling. */
export function saysNothing(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isObject(value)) return Object.keys(value).length === 0
  return [undefined, null, '', false, 'false', 0].includes(value as null)
}

/** The objects of an object by their names. */
export function membersOf(all: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(all).flatMap(([name, value]) =>
    isObject(value) ? [[name, value] as const] : [],
  )
}

/** The entries of a list; of what is none: none. */
export function entriesOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

/** A value that stands for a text; empty for what does not. */
export function plainText(value: Json | undefined): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** An object of these members, whatever they are called. */
export function objectOf(members: Iterable<readonly [string, Json | undefined]>): JsonObject {
  const said = [...members].filter((each): each is [string, Json] => each[1] !== undefined)
  return Object.fromEntries(said)
}
