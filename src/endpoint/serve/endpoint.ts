/**
 * endpoint: one file per URL; reads a request, calls the floors to the left, returns an answer.
 * What all of them share (methods, headers, errors, CORS, the outcome event) is in `answer`.
 */

import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { Ready } from '../../base/ready.ts'
import type { Turn } from '../../base/turns.ts'
import type { Realm } from '../../realm/realm.ts'

/** How people wait for an endpoint. */
export interface Unhurried {
  /** Whose password may have to be hashed for a request; undefined where none can be. */
  readonly hashed: (realm: Realm, http: HttpRequest) => Turn | undefined
  /** The answer where too many wait for that. */
  readonly crowded: (realm: Realm, http: HttpRequest) => Ready<HttpResponse>
}

/** One URL of the server. */
export interface Endpoint {
  /** Below the realm: `/par`. A trailing `/*` leaves the remainder in `http.rest`. */
  readonly path: string
  /**
   * `oauth2`: `/am/oauth2/<realm>`, `json`: `/am/json/<realm>`, `am`: `/am`, `openidm`: `/openidm`, where
   * the realm is part of a name, `root`: `/`.
   */
  readonly under: 'oauth2' | 'json' | 'am' | 'openidm' | 'root'
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')[]
  /** How errors that are not OAuth JSON are shaped: CREST for AM's JSON, pages for browsers. */
  readonly errors: 'oauth' | 'crest' | 'page'
  /** Whether web origins may call it: those the realm lists, or every one, since it is public (C-28). */
  readonly cors: boolean | 'public'
  /** Served in a realm that is not active too: what operators have to reach, and what ends something. */
  readonly always?: true
  /** People wait for it and there may be very many at once: what clients ask for meanwhile goes before (`base/one-a-turn.ts`). */
  readonly unhurried?: Unhurried
  /** What discovery says of it; `url` is where it is reached. */
  readonly metadata?: (url: string, realm: Realm) => Readonly<Record<string, unknown>>
  handle(realm: Realm, http: HttpRequest): Ready<HttpResponse>
}
