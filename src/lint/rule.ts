/**
 * lint: a registration, a request and their realm, held against what profiles ask of them: every breach at once, each
 * with its section. Reads and compares; it asks no store, decides nothing, and no endpoint is refused by it.
 */
import type { Form } from '../base/form.ts'
import type { JsonObject } from '../base/json.ts'
import type { TermValues } from '../client/terms.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import type { Realm } from '../realm/realm.ts'

/** A request as somebody would send it; nothing of it was verified. */
export interface Asked {
  /** Whether it is a push, or the visit that comes of one: `reference`; else it came through the browser as it is. */
  readonly by: 'push' | 'reference' | 'browser'
  /** What stands in the form or the URL. */
  readonly outer: Form
  /** What it asks for: the claims of its request object, if it has one that can be read, else the same. */
  readonly parameters: Form
  readonly object: JwtParts | undefined
  /** An object that is encrypted, or is none: nothing of it can be read. */
  readonly unreadable: boolean
  readonly assertion: JwtParts | undefined
}

export interface JwtParts {
  readonly header: JsonObject
  readonly claims: JsonObject
}

export interface OfRealm {
  readonly realm: Pick<Realm, 'provider' | 'issuer'>
  /** What the client is held to, or whoever registers here. */
  readonly terms: TermValues
}

export interface OfRegistration extends OfRealm {
  readonly client: ClientMetadata
}

export interface OfRequest extends OfRealm {
  readonly request: Asked
  /** Seconds since 1970. */
  readonly now: number
}

/** What is looked at. */
export interface Linted extends OfRealm {
  readonly client?: ClientMetadata | undefined
  readonly request?: Asked | undefined
  readonly now: number
}

/** What is wrong, in a few words; undefined: nothing. No secret, and nothing that somebody sent, stands there. */
export type Check<T> = (of: T) => string | undefined

/** One requirement of a profile. */
export interface Rule {
  readonly id: string
  readonly section: string
  /** The requirement in a sentence of ours. */
  readonly says: string
  /** At what it looks; where that is not there it says nothing. */
  readonly looks: 'realm' | 'registration' | 'request'
  readonly broken: Check<Linted>
}

type Row<T> = readonly [id: string, section: string, says: string, broken: Check<T>]

export function realmRules(...rows: readonly Row<OfRealm>[]): readonly Rule[] {
  return rows.map(([id, section, says, broken]) => ({ id, section, says, looks: 'realm', broken }))
}

export function registrationRules(...rows: readonly Row<OfRegistration>[]): readonly Rule[] {
  return rows.map(([id, section, says, check]) => {
    const broken: Check<Linted> = ({ client, ...of }) => client && check({ ...of, client })
    return { id, section, says, looks: 'registration', broken }
  })
}

export function requestRules(...rows: readonly Row<OfRequest>[]): readonly Rule[] {
  return rows.map(([id, section, says, check]) => {
    const broken: Check<Linted> = ({ request, ...of }) => request && check({ ...of, request })
    return { id, section, says, looks: 'request', broken }
  })
}
