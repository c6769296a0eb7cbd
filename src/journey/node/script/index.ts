import type { NodeType } from '../../journey.ts'
import { scriptedDecision } from './scripted-decision.ts'

/** Nodes that do what a script says. */
export const scripted: readonly NodeType[] = [scriptedDecision]
