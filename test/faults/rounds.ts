/** Part `rounds` of the long runs: the same round again and again. */
import type { Durability } from '../../src/store/backend.ts'
import { type Fault, type FaultName, faults } from './faults.ts'
import { type AnyPlace, everyPlace } from './network/places.ts'
import type { Given } from './parts.ts'
import { named, numberOf } from './parts.ts'
import type { Progress, Sums } from './progress.ts'
import { openDeployment, round } from './round.ts'
import { bars, type Since, spread, type Wait } from './service.ts'

/** What servers may ask of their store. */
const durabilities = ['none', 'disk', 'replica'] as const

/** One row of a report. */
interface Row {
  readonly fault: FaultName
  readonly store: AnyPlace
  readonly durability: (typeof durabilities)[number]
}

/** Rounds of every fault, store and durability that is named. */
export async function run(
  given: Given,
  progress: Progress,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const store of named(given.store, Object.keys(everyPlace) as AnyPlace[]))
    for (const fault of named(given.fault, Object.keys(faults) as FaultName[]))
      for (const durability of named(given.durability, durabilities))
        wrong.push(...(await roundsOf({ fault, store, durability }, given, progress, say)))
  return wrong
}

/** Rounds after which servers and store are new: nothing that one round leaves may hide what a later one does. */
const together = 20

/** How many of each kind are used after their end, in the last round that servers are there for. */
const triedLate = 8

async function roundsOf(
  row: Row,
  given: Given,
  progress: Progress,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const { fault, store } = row
  const name = nameOf(row, given)
  const missing = everyPlace[store].missing()
  if (missing !== undefined) {
    say(`MISSING ${name}: ${missing}`)
    return []
  }
  const all = numberOf(given, 'rounds')
  const done = (): number => progress.of(name).rounds ?? 0
  while (done() < all) {
    const deployment = await openDeployment({
      ...{ place: store, servers: numberOf(given, 'servers') },
      ...(row.durability === 'none' ? {} : { durability: row.durability satisfies Durability }),
    })
    try {
      if (!fits(fault, deployment.place))
        return [`${name}: this store has nothing that this is done to`]
      const most = (faults[fault] as Fault).once === true ? 1 : together
      for (let left = Math.min(most, all - done()); left > 0; left -= 1) {
        const amount = {
          ...{ clients: numberOf(given, 'clients'), pushes: numberOf(given, 'pushes') },
          // What servers hand out never becomes younger again, so these clocks are used for nothing else.
          ...(left === 1 ? { late: triedLate } : {}),
        }
        const { good, said, uses, forgotten, stage } = await round(deployment, fault, amount)
        if (!good) return [`${name}, round ${done() + 1}: ${said}`]
        progress.add(name, { rounds: 1, ...uses, ...forgotten })
        note(progress, name, stage.waits)
      }
      const alarms = deployment.nodes.flatMap((node) => node.alarms)
      progress.add(name, { alarms: alarms.length })
      say(`${name}: ${told(progress.of(name))}${alarms.length > 0 ? `\n${alarms[0]}` : ''}`)
    } finally {
      await deployment.close()
    }
  }
  const waits = waitsOf(progress, name)
  for (const { line } of waits) say(line)
  return waits.flatMap(({ line, isOver }) => (isOver ? [line] : []))
}

function nameOf({ fault, store, durability }: Row, { servers }: Given): string {
  const asked = durability === 'none' ? '' : `, PARAPET_DURABILITY=${durability}`
  return `${fault} on ${store}, ${servers} servers${asked}`
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

/** What is measured of how long servers take to serve again, and by what name it is counted. */
const measures = { ready: 'until ready', served: 'until each call was served' } as const

const seriesOf = (name: string, since: Since, measure: keyof typeof measures): string =>
  `${name}: ms ${measures[measure]}, since ${since}`

/** Counts how often each number of milliseconds was seen. */
function note(progress: Progress, name: string, waits: readonly Wait[]): void {
  for (const wait of waits)
    for (const measure of ['ready', 'served'] as const)
      progress.add(seriesOf(name, wait.since, measure), { [Math.round(wait[measure])]: 1 })
}

/** Medians and maxima, and whether a server was not ready in time. */
function waitsOf(
  progress: Progress,
  name: string,
): readonly { readonly line: string; readonly isOver: boolean }[] {
  return (['back', 'failover'] as const).flatMap((since) =>
    (['ready', 'served'] as const).flatMap((measure) => {
      const series = seriesOf(name, since, measure)
      const { count, median, longest } = spread(progress.of(series))
      if (count === 0) return []
      const isOver = measure === 'ready' && longest > bars[since]
      const bar = measure === 'ready' ? `, of ${bars[since]} at most` : ''
      return [{ line: `${series}: median ${median}, longest ${longest}${bar} (${count})`, isOver }]
    }),
  )
}
