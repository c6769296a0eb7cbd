import type { Client } from '../client/client.ts'
import { profileOf } from '../client/client.ts'
import { mayRedirectTo } from '../client/redirect-uri.ts'
import {
  hasGrantsOf,
  hasResponseType,
  mayUsePlain,
  mustUsePkce,
  pushRequired,
  signedRequired,
} from '../client/request-terms.ts'
import type { AuthorizationRecord, CodeState } from '../grant/record.ts'
import type { Profile } from '../protocol/profile.ts'
import { responseType } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'

/** A code, and the terms under which it is to be redeemed. */
interface Case {
  readonly realm: Realm
  readonly client: Client
  readonly profile: Profile
  readonly record: AuthorizationRecord
  readonly code: CodeState
}

/** Ways in which a code can have come about, and when the terms of now have none of them. */
const forbidden: readonly (readonly [what: string, is: (of: Case) => boolean])[] = [
  [
    'response type',
    ({ realm, client, code }) => {
      const type = responseType(code.response_type)
      if (type === undefined) return true
      return !hasResponseType(realm, client, type) || !hasGrantsOf(realm, client, type)
    },
  ],
  [
    'redirect_uri',
    ({ profile, client, record }) => !mayRedirectTo(profile, client, record.redirect_uri),
  ],
  [
    'no redirect_uri sent',
    ({ profile, code }) => profile.require_redirect_uri && !code.redirect_uri_sent,
  ],
  [
    'no PKCE',
    ({ realm, client, code }) => code.challenge === undefined && mustUsePkce(realm, client),
  ],
  [
    'PKCE plain',
    ({ realm, client, code }) => code.method === 'plain' && !mayUsePlain(realm, client),
  ],
  [
    'not pushed',
    ({ realm, client, record }) => record.redeem_by === 0 && pushRequired(realm, client),
  ],
  ['not signed', ({ realm, client, code }) => !code.signed && signedRequired(realm, client)],
]

/**
 * What the terms of now forbid of a code that was issued under others; undefined when nothing, or when
 * realm and client are as they were. The request itself is checked again when it is opened (RFC 9126 §4);
 * this is the same for what came of it.
 */
export function forbiddenNow(
  realm: Realm,
  client: Client,
  record: AuthorizationRecord,
  code: CodeState,
): string | undefined {
  if (record.validatedUnder[0] === realm.version && record.validatedUnder[1] === client.version)
    return undefined
  const of: Case = { realm, client, profile: profileOf(realm, client), record, code }
  return forbidden.find(([, is]) => is(of))?.[0]
}
