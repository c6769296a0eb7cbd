/**
 * Every arrow of a record, and nothing else writes one. Each is one compare-and-set on one key, with its
 * expiry, and with what the call may use once spent by the same write; each answers false when another write
 * was first. Losing is not the same as spent: `retryUntilDecided` reads again, and its step decides anew.
 */
export { deny, end } from './transition/end.ts'
export { grantDirect } from './transition/grant-direct.ts'
export { issue, issuing } from './transition/issue.ts'
export type { KeyedCall } from './transition/keyed-call.ts'
export { hold, open } from './transition/open.ts'
export type { Reference } from './transition/push.ts'
export { push } from './transition/push.ts'
export type { ToPush } from './transition/push-by-key.ts'
export { pushByKey } from './transition/push-by-key.ts'
export { pushOnce } from './transition/push-once.ts'
export { countTry, dropToken, redeem, refresh } from './transition/redeem.ts'
export { retryUntilDecided } from './transition/retry.ts'
