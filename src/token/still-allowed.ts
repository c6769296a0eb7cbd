import type { Client } from '../client/client.ts'
import { mayRedirectTo } from '../client/redirect-uri.ts'
import type { Terms } from '../client/terms.ts'
import { termsOf } from '../client/terms.ts'
import type { AuthorizationRecord, CodeState } from '../grant/record.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'

/** A code, and the terms under which it is to be redeemed. */
interface Case {
  readonly client: Client
  readonly terms: Terms
  readonly record: AuthorizationRecord
  readonly code: CodeState
}

/** Ways in which a code can have come about, and when the terms of now have none of them. */
const forbidden: readonly (readonly [what: string, is: (of: Case) => boolean])[] = [
  [
    'response type',
    ({ terms, code }) => {
      const type = responseTypeOf.get(code.response_type)
      if (type === undefined) return true
      const { response_types, granted_response_types } = terms
      return !response_types.includes(type.name) || !granted_response_types.includes(type.name)
    },
  ],
  [
    'redirect_uri',
    ({ terms, client, record }) => !mayRedirectTo(terms, client, record.redirect_uri),
  ],
  [
    'no redirect_uri sent',
    ({ terms, code }) => terms.require_redirect_uri && !code.redirect_uri_sent,
  ],
  ['no PKCE', ({ terms, code }) => code.challenge === undefined && terms.require_challenge],
  ['PKCE plain', ({ terms, code }) => code.method === 'plain' && !terms.plain_challenge],
  [
    'not pushed',
    ({ terms, record }) => (record.redeem_by === 0 || record.by_value) && terms.require_pushed,
  ],
  ['not signed', ({ terms, code }) => !code.signed && terms.require_signed],
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
  const of: Case = { client, terms: termsOf(realm, client), record, code }
  return forbidden.find(([, is]) => is(of))?.[0]
}
