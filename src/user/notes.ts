import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { EndUser, Population, Whose } from './end-user.ts'
import { updateEndUser } from './end-user.ts'

/**
 * What journeys note of an account beside what it says of its user: counts, agreements, hashed answers, preferences.
 * No token tells it.
 */
export interface Notes {
  /** Logins that a journey has counted (PingAM: Increment Login Count node). */
  readonly loginCount: number
  /** By the ids of nodes: how many tries, and the second of the last one, `{ tries, last }` (PingAM: `retryLimitNodeCount`). */
  readonly retries: JsonObject
  /** The second in which it was made. */
  readonly created: number
  /** Answers to questions, hashed (PingIDM: `kbaInfo`). */
  readonly kbaInfo: readonly Json[]
  /** PingIDM: `{ termsVersion, acceptDate }`. */
  readonly termsAccepted: JsonObject
  readonly preferences: JsonObject
  readonly consentedMappings: readonly Json[]
  /** Devices it was used with, the last one first (PingAM: device profiles). */
  readonly deviceProfiles: readonly Json[]
  /** The password has to be another one before it is used. */
  readonly mustChangePassword: boolean
  /** The second from which the password is none any more. */
  readonly passwordExpires: number
}

/** Those that nodes write by the names of managed objects. */
export const managedNotes = [
  'kbaInfo',
  'termsAccepted',
  'preferences',
  'consentedMappings',
] as const satisfies readonly (keyof Notes)[]

type Reader = (value: Json) => boolean

const readers: Readonly<Record<keyof Notes, Reader>> = {
  loginCount: Number.isInteger,
  retries: isObject,
  created: Number.isInteger,
  kbaInfo: Array.isArray,
  termsAccepted: isObject,
  preferences: isObject,
  consentedMappings: Array.isArray,
  deviceProfiles: Array.isArray,
  mustChangePassword: (value) => typeof value === 'boolean',
  passwordExpires: Number.isInteger,
}

/** Whether a note may be that. */
export function isNote(name: string, value: Json): boolean {
  return Object.hasOwn(readers, name) && readers[name as keyof Notes](value)
}

/** What is noted; undefined: nothing. */
export function noteOf<K extends keyof Notes>(
  { notes = {} }: Pick<EndUser, 'notes'>,
  name: K,
): Notes[K] | undefined {
  const value = member(notes, name)
  return value !== undefined && isNote(name, value) ? (value as Notes[K]) : undefined
}

/** An account with other notes; undefined ones are gone. */
export function withNotes(
  user: EndUser,
  notes: Partial<{ [K in keyof Notes]: Notes[K] | undefined }>,
): EndUser {
  const all = Object.entries({ ...user.notes, ...notes }).filter(([, value]) => value !== undefined)
  const { notes: _, ...rest } = user
  return all.length === 0 ? rest : { ...rest, notes: Object.fromEntries(all) as JsonObject }
}

/**
 * With another password what stood against the one before is gone; that it has to be another one, only where its user has
 * chosen this one.
 */
export function withoutPasswordNotes(user: EndUser, chosen: boolean): EndUser {
  const gone = chosen ? { mustChangePassword: undefined } : {}
  return user.notes === undefined ? user : withNotes(user, { passwordExpires: undefined, ...gone })
}

/** Writes what `next` makes of the notes as they stand; false where there is no such account, or it makes nothing. */
export function note(
  realm: Population,
  whose: Whose,
  next: (user: EndUser) => Partial<Notes> | undefined,
): Promise<boolean> {
  return updateEndUser(realm, whose, (user) => {
    const notes = next(user)
    return notes && withNotes(user, notes)
  })
}
