import { isJwsReason, jwtProblems } from '../../client/jwt-problem.ts'
import type { JwsReason } from '../../jose/compact.ts'
import type { ClaimReason } from '../../jose/jwt.ts'
import type { NestedJwt, NestedVerdict } from '../../jose/nested.ts'
import type { remoteConsentReasons } from '../../protocol/reason/visit/remote-consent.ts'

/** Why a `consent_response` is not taken. */
export type ResponseFault = Exclude<
  keyof typeof remoteConsentReasons,
  'remote-consent-unusable' | 'remote-consent-unreachable'
>

const rows = {
  unreadable: 'remote-consent-unreadable',
  alg: 'remote-consent-signature',
  kid: 'remote-consent-signature',
  key: 'remote-consent-signature',
  signature: 'remote-consent-signature',
  'claim-missing': 'remote-consent-claim',
  'claim-malformed': 'remote-consent-claim',
  expired: 'remote-consent-expired',
  'exp-far': 'remote-consent-times',
  nbf: 'remote-consent-times',
  iat: 'remote-consent-times',
  old: 'remote-consent-times',
  party: 'remote-consent-issuer',
  aud: 'remote-consent-audience',
} as const satisfies Record<(typeof jwtProblems)[keyof typeof jwtProblems], ResponseFault>

type Unread = Exclude<NestedVerdict, NestedJwt>['reason']

/** The row for what is wrong with the JWT itself; whatever is told of encryption is one row (RFC 7516 §11.5). */
export function faultOf(reason: JwsReason | ClaimReason | Unread): ResponseFault {
  if (isJwsReason(reason)) return rows[jwtProblems[reason]]
  return Object.hasOwn(jwtProblems, reason)
    ? rows[jwtProblems[reason as ClaimReason]]
    : 'remote-consent-encryption'
}
