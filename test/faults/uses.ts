/** A use in the history, with what makes less of how it ends. */
import type { Doubt, Ended, Thing } from './history.ts'
import type { Node } from './node.ts'
import type { Stage } from './stage.ts'

/** What clients make themselves: servers judge it by the time of day, which follows a clock that is set back. */
const ownKinds: ReadonlySet<Thing['kind']> = new Set(['assertion', 'object', 'proof'])

/** Notes that a call was asked for which uses these; what it gives notes how that ended, for each. */
export function noteUse(
  stage: Stage,
  node: Node,
  ...things: readonly Thing[]
): (...ended: readonly Ended[]) => void {
  const used = stage.history.use(node.name, ...things)
  const [before, wasCutOff] = [stage.steps(), stage.cutOff.has(node.name)]
  const doubt = (): Doubt | undefined => {
    if (before % 2 === 1 || stage.steps() !== before) return 'clock'
    return wasCutOff || stage.cutOff.has(node.name) ? 'cut off' : undefined
  }
  return (...ended) => {
    const ahead = stage.latest() * 1000 - stage.now()
    used(
      ...ended.map((each, i) => {
        const isAged = ahead > 1000 && !ownKinds.has(things[i]?.kind ?? 'object')
        return { ...each, doubt: doubt(), ...(isAged ? { ahead } : {}) }
      }),
    )
  }
}
