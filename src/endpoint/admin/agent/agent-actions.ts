import type { Action, Actions } from '../../serve/action.ts'
import { formActions } from '../../serve/action.ts'
import type { Inherits } from '../../serve/crest-schema.ts'
import type { View } from '../../serve/resource.ts'
import { createById } from '../collection/collection.ts'

/** What may be asked of the agents of one kind (PingAM: rest-api-agents). */
export function agentActions(view: View, inherits?: Inherits): Actions {
  return new Map<string, Action>([
    ...formActions(view.kind, inherits),
    ['create', createById(view)],
  ])
}
