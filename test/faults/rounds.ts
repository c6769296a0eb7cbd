/** Part `rounds` of the long runs: the same round again and again. */
import { type Fault, type FaultName, faults } from './faults.ts'
import type { Given } from './parts.ts'
import { named, numberOf } from './parts.ts'
import { type PlaceName, places } from './places.ts'
import type { Progress, Sums } from './progress.ts'
import { openGround, round } from './round.ts'

/** Rounds of every fault and store that is named. */
export async function run(
  given: Given,
  progress: Progress,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const store of named(given.store, Object.keys(places) as PlaceName[]))
    for (const fault of named(given.fault, Object.keys(faults) as FaultName[]))
      wrong.push(...(await roundsOf({ ...given, store, fault }, progress, say)))
  return wrong
}

/** Rounds after which servers and store are new: nothing that one round leaves may hide what a later one does. */
const together = 20

async function roundsOf(
  given: Given,
  progress: Progress,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const [fault, place] = [given.fault as FaultName, given.store as PlaceName]
  const name = `${fault} on ${place}, ${given.servers} servers`
  const missing = places[place].missing()
  if (missing !== undefined) {
    say(`MISSING ${name}: ${missing}`)
    return []
  }
  const all = numberOf(given, 'rounds')
  const done = (): number => progress.of(name).rounds ?? 0
  while (done() < all) {
    const ground = await openGround({ place, servers: numberOf(given, 'servers') })
    try {
      if (!fits(fault, ground.place))
        return [`${name}: this store has nothing that this is done to`]
      const most = (faults[fault] as Fault).once === true ? 1 : together
      for (let i = 0; i < most && done() < all; i += 1) {
        const amount = { clients: numberOf(given, 'clients'), pushes: numberOf(given, 'pushes') }
        const { good, said, uses } = await round(ground, fault, amount)
        if (!good) return [`${name}, round ${done() + 1}: ${said}`]
        progress.add(name, { rounds: 1, ...uses })
      }
      const alarms = ground.nodes.flatMap((node) => node.alarms)
      progress.add(name, { alarms: alarms.length })
      say(`${name}: ${told(progress.of(name))}${alarms.length > 0 ? `\n${alarms[0]}` : ''}`)
    } finally {
      await ground.close()
    }
  }
  return []
}

/** Whether a place has what a fault is done to. */
function fits(fault: FaultName, place: object): boolean {
  const { needs } = faults[fault] as Fault
  return needs === undefined || needs in place
}

function told(sums: Sums): string {
  return Object.entries(sums)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ')
}
