import type { JsonObject } from '../base/json.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { Realm } from '../realm/realm.ts'
import type { Outcome, SingleUseKey } from '../store/store.ts'
import { StoreUnavailable } from '../store/store.ts'
import { decode, encode } from './codec.ts'
import type { HandleKind, RecordKey } from './handle.ts'
import { openHandle, storeKey } from './handle.ts'

/** Where an authorization stands. Each arrow is one compare-and-set: pushed → opened → issued → redeemed, or denied, or ended. */
export type State = 'pushed' | 'opened' | 'issued' | 'redeemed' | 'denied' | 'ended'

/** The form of records written by this version; another form is validated again or refused. */
export const schema = 2

/** Who holds the interaction once somebody logged in: the browser by its cookie's nonce, or the session. */
export interface Holder {
  readonly sid: string
  readonly nonce: string
}

/** What an answer was made of, beside what the record says anyway. */
export interface Answer {
  readonly response_mode: AuthorizationRequest['response_mode']
  readonly state?: string
}

/** What the user allowed and what has been redeemed of it. */
export interface Grant {
  /** UUID of the user, or the client_id where the client acts for itself. */
  readonly sub: string
  readonly username: string
  /** Where the counters of this user and this client stood; 0 for the client's own. See `subject/epoch.ts`. */
  readonly epoch: number
  readonly grant_type: string
  /** Public id of the session the user had; empty for the client's own grants. */
  readonly sid: string
  readonly auth_time: number
  readonly acr?: string
  readonly scope: readonly string[]
  readonly nonce?: string
  /** Hash of the request's `state`, for the ID token of the code exchange. */
  readonly s_hash?: string
  /** The claims request (OIDC Core §5.5). */
  readonly claims?: JsonObject
  readonly code?: CodeState
  readonly refresh?: RefreshState
  /** Access tokens that still live. */
  readonly tokens: readonly TokenState[]
  /** The highest number given to an access token. */
  readonly last: number
}

/** The authorization code of a grant. */
export interface CodeState {
  /** Seconds: until then it may be redeemed. */
  readonly by: number
  /** Wrong verifiers so far (K-3). */
  readonly tries: number
  readonly challenge?: string
  readonly method?: 'S256' | 'plain'
  /** RFC 6749 §4.1.3: the token request must repeat redirect_uri. */
  readonly redirect_uri_sent: boolean
  /** The response type it was issued by, and whether the request was signed: terms may change before it is redeemed. */
  readonly response_type: string
  readonly signed: boolean
}

/** The refresh token in force. */
export interface RefreshState {
  readonly n: number
  /** Seconds: until then it may be used; 0: for ever. */
  readonly by: number
  /** Seconds: when the predecessor was used; 0 when there was none. */
  readonly rotated_at: number
}

/** One live access token. */
export interface TokenState {
  readonly n: number
  readonly iat: number
  /** Seconds: until then it lives. */
  readonly by: number
  /** Narrower than the grant's, if it was narrowed. */
  readonly scope?: readonly string[]
}

/** One authorization, whole. */
export interface AuthorizationRecord {
  readonly v: number
  readonly state: State
  readonly client_id: string
  /** Which client of that id it is for: with another one's record nobody gets anywhere (C-37). */
  readonly incarnation: string
  readonly issuer: string
  /** Versions of realm and client the request was validated under. */
  readonly validatedUnder: readonly [realm: number, client: number]
  readonly redirect_uri: string
  /** Absent once nothing of it is needed any more. */
  readonly request?: AuthorizationRequest
  /** Seconds: until then a pushed request may be opened by any browser; 0 when it was not pushed. */
  readonly redeem_by: number
  readonly opened_at?: number
  /** Public id of the session that was there when it was opened. */
  readonly opened_sid?: string
  readonly interaction_by?: number
  readonly heldBy?: Holder
  /** How the user's decision was answered, for a second click on the same button; gone with the code. */
  readonly answer?: Answer
  readonly grant?: Grant
}

/** Whether a record is for this very client, not for one that had its id before (C-37). */
export function isFor(
  client: Pick<Client, 'client_id' | 'incarnation'>,
  record: Pick<AuthorizationRecord, 'client_id' | 'incarnation'>,
): boolean {
  return record.client_id === client.client_id && record.incarnation === client.incarnation
}

/** A record as read: what it is, where it is, which version of it. */
export interface Found {
  readonly key: RecordKey
  /** The number the handle carried. */
  readonly n: number
  readonly version: number
  readonly record: AuthorizationRecord
}

/** `unknown`: never made here; `gone`: genuine, but nothing is kept of it any more. */
export type NotFound = 'unknown' | 'gone'

/** Finds a record by one of its handles. */
export function findRecord(
  realm: Realm,
  kind: HandleKind,
  handle: string,
): Ready<Found | NotFound> {
  const opened = openHandle(realm, kind, handle)
  return opened === undefined ? 'unknown' : readRecord(realm, opened.key, opened.n)
}

/** Reads a record, or reads it again after a compare-and-set was lost. */
function readRecord(realm: Realm, key: RecordKey, n = 0): Ready<Found | 'gone'> {
  return whenReady(realm.records.get(storeKey(key)), (stored) => {
    if (stored === undefined) return 'gone'
    return { key, n, version: stored.version, record: decode(stored.value) }
  })
}

/** Creates a record; the key is random, so losing means something is badly wrong. */
export async function insertRecord(
  realm: Realm,
  key: RecordKey,
  encoded: Buffer,
  expiry: number,
  mark?: SingleUseKey,
): Promise<'won' | 'spent'> {
  const outcome = await realm.records.insert(storeKey(key), encoded, expiry, mark)
  if (outcome === 'lost') throw new Error('a new record key was taken')
  return outcome
}

/** Moves a record on. */
export function replaceRecord(
  realm: Realm,
  found: Found,
  record: AuthorizationRecord,
  expiry: number,
  mark?: SingleUseKey,
): Promise<Outcome> {
  return realm.records.replace(storeKey(found.key), found.version, encode(record), expiry, mark)
}

const attempts = 5

/**
 * Runs `step` on a record until it is decided. A step answers undefined when its compare-and-set was
 * lost: losing is not the same as spent, so the record is read again and the step decides anew, at
 * most five times; then the caller may come back later (503).
 */
export async function retryUntilDecided<T>(
  realm: Realm,
  first: Found,
  step: (found: Found) => Promise<T | undefined>,
  gone: () => T,
): Promise<T> {
  let found: Found | 'gone' = first
  for (let i = 0; i < attempts; i++) {
    const result = await step(found)
    if (result !== undefined) return result
    found = await readRecord(realm, first.key, first.n)
    if (found === 'gone') return gone()
  }
  throw new StoreUnavailable('a record kept changing')
}
