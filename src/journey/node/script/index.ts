import type { NodeType } from '../../journey.ts'
import { imitation } from './imitation.ts'
import { scriptedDecision } from './scripted-decision.ts'

/** Nodes that do what a script says; one of them does the work of every other kind. */
export function scripted(kinds: (type: string) => NodeType | undefined): readonly NodeType[] {
  return [scriptedDecision, imitation(kinds)]
}
