import { dataStoreDecision } from './data-store-decision.ts'
import { knownUser } from './known-user.ts'
import { passwordCollector } from './password-collector.ts'
import { usernameCollector } from './username-collector.ts'

/** Every kind of node, by PingAM's name where it has one. */
export const nodeTypes = {
  DataStoreDecisionNode: dataStoreDecision,
  KnownUserNode: knownUser,
  PasswordCollectorNode: passwordCollector,
  UsernameCollectorNode: usernameCollector,
} as const

export type NodeTypeName = keyof typeof nodeTypes
