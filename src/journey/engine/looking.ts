import type { Ready } from '../../base/ready.ts'
import type { FoundNode, NodeResult, Turn } from '../journey.ts'
import { withoutOverruled } from '../person/who.ts'

/**
 * A journey that is only looked at has come to a node that would send or write something. Browsers and programs that look
 * at mail open addresses which nobody has chosen to open (RFC 9110 §9.2.1), so that such a node waits for a form.
 */
export class WouldAct extends Error {
  override readonly name = 'WouldAct'
}

/** A node has its turn. @throws WouldAct where the journey is only looked at, and the node would do more than that. */
export function processed(turn: Turn, { type, values }: FoundNode): Ready<NodeResult> {
  if (turn.running.looking === true && type.acts?.(turn, values) === true)
    throw new WouldAct(type.type)
  return type.process({ ...turn, state: withoutOverruled(turn.state) }, values)
}
