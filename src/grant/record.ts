/* One file: the record is one union by state, and what it can hold in each. */
import type { JsonObject } from '../base/json.ts'
import type { KeyConfirmation } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import { jwtBearerGrant } from '../protocol/grant-type.ts'
import type { RecordKey } from './handle.ts'

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
  /** Where it carried more than a code: of what response type, and until when (seconds) it may be made again. */
  readonly tokens?: { readonly response_type: string; readonly by: number }
  /** Digest of what a remote consent service answered, where one was asked: only that very answer is answered again. */
  readonly remote?: string
}

/** What the user allowed and what has been redeemed of it. */
export interface Grant {
  /** UUID of the user or service account, or the client_id where the client acts for itself. */
  readonly sub: string
  readonly username: string
  /** Where the counters of this user and this client stood; 0 for the client's own. See `user/epoch.ts`. */
  readonly epoch: number
  readonly grant_type: string
  /** Public id of the session the user had; empty for the client's own grants. */
  readonly sid: string
  readonly auth_time: number
  readonly acr?: string
  /** How the user proved who they are, as the session says; absent: nothing is known of it. */
  readonly methods?: readonly string[]
  readonly scope: readonly string[]
  /**
   * Of an OpenID grant: the sector whose name for the user its client was told, empty where that was the user's own id;
   * absent: kept before this was, and told as the client is now.
   */
  readonly sector?: string
  readonly nonce?: string
  /** Hash of the request's `state`, for the ID token of the code exchange. */
  readonly s_hash?: string
  /** The claims request (OIDC Core §5.5). */
  readonly claims?: JsonObject
  /** Identifiers of the resources it is for (RFC 8707); absent: none was named. */
  readonly resource?: readonly string[]
  /** Details that were granted, each object as it was asked for (RFC 9396 §7). */
  readonly authorization_details?: readonly string[]
  readonly code?: CodeState
  readonly refresh?: RefreshState
  /** Access tokens that still live. */
  readonly tokens: readonly TokenState[]
  /** The highest number given to an access token. */
  readonly last: number
}

/** Whether somebody allowed it: clients and service accounts that act for themselves have nobody behind them. */
export function hasUser({ grant_type }: Pick<Grant, 'grant_type'>): boolean {
  return grant_type !== 'client_credentials' && grant_type !== jwtBearerGrant
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
  /** The key that whoever redeems it must prove (RFC 9449 §10). */
  readonly cnf?: KeyConfirmation
}

/** The refresh token in force. */
export interface RefreshState {
  readonly n: number
  /** Seconds: until then it may be used; 0: for ever. */
  readonly by: number
  /** Seconds: when the predecessor was used; 0 when there was none. */
  readonly rotated_at: number
  /** A public client's key, which its use must prove (RFC 9449 §5); other clients prove themselves. */
  readonly cnf?: KeyConfirmation
}

/** One live access token. */
export interface TokenState {
  readonly n: number
  readonly iat: number
  /** Seconds: until then it lives. */
  readonly by: number
  /** Narrower than the grant's, if it was narrowed. */
  readonly scope?: readonly string[]
  /** Fewer than the grant's, if it was narrowed (RFC 8707 §2.2). */
  readonly resource?: readonly string[]
  /** Fewer than the grant's, if they were narrowed (RFC 9396 §6). */
  readonly authorization_details?: readonly string[]
  /** The key that it is tied to (RFC 9449 §6). */
  readonly cnf?: KeyConfirmation
  /** What a script has added to what it says (PingAM: access token modification). */
  readonly fields?: JsonObject
}

/** What is known of an authorization wherever it stands. */
interface Anywhere {
  readonly v: number
  readonly client_id: string
  /** Which client of that id it is for: with another one's record nobody gets anywhere (C-37). */
  readonly incarnation: string
  readonly issuer: string
  /** Versions of realm and client the request was validated under. */
  readonly validatedUnder: readonly [realm: number, client: number]
  readonly redirect_uri: string
  /** Seconds: until then a pushed request may be opened by any browser; 0 when there was no record of it. */
  readonly redeem_by: number
  /** The request came signed through a browser, not from the client itself. */
  readonly by_value: boolean
}

export interface Pushed extends Anywhere {
  readonly state: 'pushed'
  readonly request: AuthorizationRequest
}

/** Some browser was shown a page. */
export interface Opened extends Anywhere {
  readonly state: 'opened'
  readonly request: AuthorizationRequest
  readonly opened_at: number
  /** Public id of the session that was there when it was opened; empty when there was none. */
  readonly opened_sid: string
  readonly interaction_by: number
  readonly heldBy?: Holder
}

export interface Issued extends Anywhere {
  readonly state: 'issued'
  readonly heldBy?: Holder
  /** How the user's decision was answered, for a second click on the same button; gone with the code. */
  readonly answer?: Answer
  readonly grant: Grant
}

export interface Redeemed extends Anywhere {
  readonly state: 'redeemed'
  readonly heldBy?: Holder
  readonly grant: Grant
}

export interface Denied extends Anywhere {
  readonly state: 'denied'
  readonly heldBy?: Holder
  readonly answer?: Answer
}

export interface Ended extends Anywhere {
  readonly state: 'ended'
  readonly heldBy?: Holder
}

/** One authorization, whole, with what it can have where it stands; `transition.ts` has the arrows. */
export type AuthorizationRecord = Pushed | Opened | Issued | Redeemed | Denied | Ended

export type State = AuthorizationRecord['state']

/** Who holds it, wherever that can be known. */
export function holderIn(record: AuthorizationRecord): Holder | undefined {
  return record.state === 'pushed' ? undefined : record.heldBy
}

/** The request of a record that still needs it. */
export function requestIn(record: AuthorizationRecord): AuthorizationRequest | undefined {
  return record.state === 'pushed' || record.state === 'opened' ? record.request : undefined
}

/** The grant of a record that has one. */
export function grantIn(record: AuthorizationRecord): Grant | undefined {
  return record.state === 'issued' || record.state === 'redeemed' ? record.grant : undefined
}

/** Whether a record is for this very client, not for one that had its id before (C-37). */
export function isFor(
  client: Pick<Client, 'client_id' | 'incarnation'>,
  record: Pick<AuthorizationRecord, 'client_id' | 'incarnation'>,
): boolean {
  return record.client_id === client.client_id && record.incarnation === client.incarnation
}

/** A record as read: what it is, where it is, which version of it. */
export interface Found<R extends AuthorizationRecord = AuthorizationRecord> {
  readonly key: RecordKey
  /** The number the handle carried. */
  readonly n: number
  readonly version: number
  readonly record: R
}

/** A record whose request is still to be answered. */
export type Unanswered = Found<Pushed | Opened>

export function isUnanswered(found: Found): found is Unanswered {
  const { state } = found.record
  return state === 'pushed' || state === 'opened'
}

export function isIssued(found: Found): found is Found<Issued> {
  return found.record.state === 'issued'
}

export function isRedeemed(found: Found): found is Found<Redeemed> {
  return found.record.state === 'redeemed'
}
