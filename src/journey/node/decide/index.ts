import type { NodeType } from '../../journey.ts'
import { dataStoreDecision } from './data-store-decision.ts'
import { knownUser } from './known-user.ts'

/** Nodes that decide by what is known of an account. */
export const decisions: readonly NodeType[] = [dataStoreDecision, knownUser]
