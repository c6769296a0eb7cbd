/** Things that count once, as clients name and make them. */
import type { Thing } from './history.ts'
import type { Node } from './node.ts'
import type { Id } from './parties.ts'
import type { Stage } from './stage.ts'

export const thingOf = (kind: Thing['kind'], realm: string, name: string): Thing => ({
  ...{ kind, realm, name },
})

export const secondOf = (stage: Pick<Stage, 'now'>): number => Math.floor(stage.now() / 1000)

export const some = (probability: number): boolean => Math.random() < probability

/** A server that is awake; any, where none is. */
export function oneOf({ nodes }: Pick<Stage, 'nodes'>): Node {
  const awake = nodes.filter((node) => node.awake())
  const from = awake.length > 0 && some(0.9) ? awake : nodes
  return from[Math.floor(Math.random() * from.length)] as Node
}

/** Clients make these themselves: from then on they are good. */
export function giveId({ history }: Stage, realm: string, { jti, exp }: Id, object: boolean): void {
  history.give('client', thingOf('assertion', realm, jti), exp)
  if (object) history.give('client', thingOf('object', realm, jti), exp)
}
