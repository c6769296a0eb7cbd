import type { NodeType } from '../../journey.ts'
import { anonymousUser } from './anonymous-user.ts'
import { choiceCollector } from './choice.ts'
import { flowControl } from './flow-control.ts'
import { innerTree } from './inner-tree.ts'
import { message } from './message.ts'
import { debug, meter, registerLogoutWebhook, timerStart, timerStop } from './pass.ts'
import { pollingWait } from './polling-wait.ts'
import { setState } from './set-state.ts'

/** Nodes that lead from one part of a journey to another. */
export const flow: readonly NodeType[] = [
  anonymousUser,
  choiceCollector,
  debug,
  flowControl,
  innerTree,
  message,
  meter,
  pollingWait,
  registerLogoutWebhook,
  setState,
  timerStart,
  timerStop,
]
