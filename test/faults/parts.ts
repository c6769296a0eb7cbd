/** The long runs: each a part of `npm run test:faults`, with amounts that can be given otherwise. */
import { type FaultName, faults } from './faults.ts'
import { type PlaceName, places } from './place.ts'
import type { Progress, Sums } from './progress.ts'
import { openGround, round } from './round.ts'

/** What is given beside the name of a part, as text: `rounds=200`. */
export type Given = Readonly<Record<string, string>>

export interface Part {
  /** What it tries. */
  readonly about: string
  /** What may be given, and what it is otherwise. */
  readonly amounts: Given
  /** Goes on from where `progress` says. Gives what is wrong; none: nothing is. */
  run(given: Given, progress: Progress, say: (line: string) => void): Promise<readonly string[]>
}

export const numberOf = (given: Given, name: string): number => {
  const number = Number(given[name])
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${name} has to be a number`)
  return number
}

/** The rows of a table that a text names, parted by commas, or all. */
export function named<T extends string>(
  given: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (given === undefined || given === 'all') return all
  const names = given.split(',')
  const unknown = names.filter((name) => !(all as readonly string[]).includes(name))
  if (unknown.length > 0) throw new Error(`no such: ${unknown.join()}; there are ${all.join()}`)
  return names as T[]
}

/** A part of rounds, in each of which the same happens. */
const rounds: Part = {
  about: 'clients at work at several servers while something happens to these or to their store',
  amounts: {
    fault: 'kill',
    store: 'sqlite',
    servers: '2',
    rounds: '200',
    clients: '16',
    pushes: '100',
  },
  async run(given, progress, say) {
    const wrong: string[] = []
    for (const store of named(given.store, Object.keys(places) as PlaceName[]))
      for (const fault of named(given.fault, Object.keys(faults) as FaultName[]))
        wrong.push(...(await roundsOf({ ...given, store, fault }, progress, say)))
    return wrong
  },
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
      if (!fits(fault, ground.place)) return []
      for (let i = 0; i < together && done() < all; i += 1) {
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
  const { needs } = faults[fault] as { needs?: string }
  return needs === undefined || needs in place
}

function told(sums: Sums): string {
  return Object.entries(sums)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ')
}

export const parts = { rounds } as const satisfies Readonly<Record<string, Part>>
