import { most } from '../details/detail.ts'

/** What a user's own client may answer with (PingAM: oauth2-parameters): of a visit the decision, of the request no part. */
export const decisionParameters: ReadonlySet<string> = new Set([
  'csrf',
  'decision',
  'save_consent',
  'consent_response',
  'consent_returned',
  'choose_details',
  ...Array.from({ length: most.details }, (_, i) => detailParameter(i)),
])

/**
 * What says with a decision that this one of the request's `authorization_details` is allowed; without `choose_details`
 * all of them are.
 */
export function detailParameter(i: number): string {
  return `detail_${i}`
}
