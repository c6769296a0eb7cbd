import type { NodeType } from '../../journey.ts'
import { authLevelDecision, modifyAuthLevel } from './auth-level.ts'
import { sessionData } from './session-data.ts'
import { removeSessionProperties, setSessionProperties } from './session-properties.ts'
import { updateTimeout } from './update-timeout.ts'

/** Nodes about the session there is, the one there will be, and the time there is until then. */
export const sessions: readonly NodeType[] = [
  authLevelDecision,
  modifyAuthLevel,
  removeSessionProperties,
  sessionData,
  setSessionProperties,
  updateTimeout,
]
