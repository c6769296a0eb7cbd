import type { RecordKey } from '../grant/handle.ts'
import { handleOf } from '../grant/handle.ts'
import type { Answer, Unanswered } from '../grant/record.ts'
import { holderIn } from '../grant/record.ts'
import type { Realm } from '../realm/realm.ts'
import type { RedirectionEndpoint } from './redirection.ts'
import type { AuthorizationResponse } from './respond.ts'

/**
 * What a record keeps of how the user's decision was answered, so that it can be answered again. Only
 * where a page was shown, and of what is issued only for a code: other tokens are new each time.
 */
export function keptAnswer(
  found: Unanswered | undefined,
  { response_mode, state }: RedirectionEndpoint,
): Answer | undefined {
  if (found === undefined || holderIn(found.record) === undefined) return undefined
  return state === undefined ? { response_mode } : { response_mode, state }
}

/** The response that sent this record's code, as it was sent before: handles are derived. */
export function answeredBefore(
  realm: Realm,
  redirection: RedirectionEndpoint,
  key: RecordKey,
): AuthorizationResponse {
  const { issuer, state, terms, client_id } = redirection
  return {
    redirection,
    parameters: [
      ['code', handleOf(realm, 'code', key)],
      ['iss', issuer],
      ['state', state],
      ['client_id', terms.extras ? client_id : undefined],
    ],
  }
}
