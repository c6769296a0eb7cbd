import { type Clock, isoTime } from '../../base/time.ts'
import type { Shelf } from '../store.ts'
import type { Finding } from './finding.ts'
import type { Burst, Outcomes, Racer } from './racer.ts'

/** Where the doctor's keys are, and until when at most. */
export interface Ward {
  readonly folder: string
  /** Seconds. */
  readonly expiry: number
  readonly shelf: Shelf
  readonly now: Clock
}

/** Contests of each verb, and tries of each racer in one. */
const contests = 25
const times = 16

/** What is raced for, in words. */
const verbs: Readonly<Record<Burst['verb'], string>> = {
  insert: 'one key is created once',
  replace: 'one version is replaced once',
  delete: 'one record is deleted once',
  mark: 'one mark is spent once, and only the winner writes',
}

/** Races every verb: in each contest exactly one wins. */
export async function races(ward: Ward, racers: readonly Racer[]): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const [verb, what] of Object.entries(verbs))
    found.push(await raced(ward, racers, verb as Burst['verb'], what))
  return found
}

async function raced(
  ward: Ward,
  racers: readonly Racer[],
  verb: Burst['verb'],
  what: string,
): Promise<Finding> {
  const { folder, expiry, shelf } = ward
  let unknown = 0
  for (let i = 0; i < contests; i += 1) {
    const key = `${folder}/${verb}${i}`
    if (verb === 'replace' || verb === 'delete') await shelf.insert(key, Buffer.from('0'), expiry)
    const version = (await shelf.get(key))?.version ?? 0
    const burst = { verb, key, version, expiry, times }
    const all = await Promise.all(racers.map((racer) => racer.burst(burst)))
    const wrong = wrongWith(all, await written(ward, verb, key))
    if (wrong !== undefined) return { what, outcome: 'refuted', detail: `${wrong} (${key})` }
    unknown += sum(all, (each) => each.unknown)
  }
  const tries = `${contests} contests of ${times * racers.length} tries by ${racers.length} processes`
  const told = unknown === 0 ? '' : `; ${unknown} tries were answered that nothing is known`
  return { what, outcome: 'proved', detail: `${tries}, one winner each${told}` }
}

/** How many records one mark made. */
async function written({ shelf, folder }: Ward, verb: string, key: string): Promise<number> {
  if (verb !== 'mark') return 1
  const { keys } = await shelf.list(folder, 3, `${key}-`)
  return keys.filter((each) => each.startsWith(`${key}-`)).length
}

function wrongWith(all: readonly Outcomes[], records: number): string | undefined {
  const [won, unknown] = [sum(all, (each) => each.won), sum(all, (each) => each.unknown)]
  const [wrong] = all.flatMap((each) => each.wrong)
  if (wrong !== undefined) return `a try failed otherwise than as unknown: ${wrong}`
  // One that nothing is known of may have won.
  if (won > 1 || (won === 0 && unknown === 0)) return `${won} winners`
  return records > 1 ? `${records} records were written with one mark` : undefined
}

function sum(all: readonly Outcomes[], of: (each: Outcomes) => number): number {
  return all.reduce((total, each) => total + of(each), 0)
}

/** A clock that is off, and who goes by it. */
export interface Skewed {
  readonly ahead: number
  readonly racer: Racer
}

/** What clocks that differ make of one record. */
export async function skewed(ward: Ward, clocks: readonly Skewed[]): Promise<readonly Finding[]> {
  const { folder, shelf, now, expiry } = ward
  const soon = `${folder}/soon`
  await shelf.insert(soon, Buffer.alloc(0), now() + 10)
  const seen = await Promise.all(
    clocks.map(
      async ({ ahead, racer }) =>
        `${signed(ahead)} s: ${(await racer.sees(soon)) ? 'there' : 'over'}`,
    ),
  )
  const found: Finding[] = [
    {
      ...{ what: 'a record with ten seconds to live, by clocks that differ', outcome: 'seen' },
      detail: seen.join(', '),
    },
  ]
  const what = 'what one clock has spent, another one finds spent'
  for (const [i, { racer }] of clocks.entries()) {
    const key = `${folder}/spent${i}`
    const burst = { verb: 'mark', key, version: 0, expiry, times: 1 } as const
    const first = await racer.burst(burst)
    const others = await Promise.all(
      clocks.filter((each) => each.racer !== racer).map((each) => each.racer.burst(burst)),
    )
    if (first.won !== 1 || sum(others, (each) => each.won) > 0)
      return [...found, { what, outcome: 'refuted', detail: `spent twice (${key})` }]
  }
  const until = `with a mark that is remembered until ${isoTime(expiry)}`
  const detail = `clocks of ${clocks.map(({ ahead }) => signed(ahead)).join(', ')} s, each first once, ${until}`
  return [...found, { what, outcome: 'proved', detail }]
}

function signed(seconds: number): string {
  return seconds > 0 ? `+${seconds}` : String(seconds)
}
