import type { NodeType } from '../../journey.ts'
import { accountActive } from './account-active.ts'
import { accountLockout } from './account-lockout.ts'
import { identityStoreDecision } from './identity-store-decision.ts'
import { incrementLoginCount, loginCountDecision } from './login-count.ts'
import { retryLimit } from './retry-limit.ts'
import { timeSince } from './time-since.ts'

/** Nodes that go by how an account stands: whether it can be used, how often it was, since when there is one. */
export const accounts: readonly NodeType[] = [
  accountActive,
  accountLockout,
  identityStoreDecision,
  incrementLoginCount,
  loginCountDecision,
  retryLimit,
  timeSince,
]
