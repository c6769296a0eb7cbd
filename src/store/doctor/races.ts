import { isoTime } from '../../base/time.ts'
import type { Finding } from './finding.ts'
import type { Burst, Outcomes, Racer } from './racer.ts'
import { folderOf, type Scratch } from './scratch.ts'

/** Contests of each verb, and tries of each racer in one. */
const contests = 25
const times = 16

/** What is raced for, in words. */
export const verbs: Readonly<Record<Burst['verb'], string>> = {
  insert: 'one key is created once',
  replace: 'one version is replaced once',
  delete: 'one record is deleted once',
  mark: 'one mark is spent once, and only the winner writes',
}

/** Races one verb: in each contest exactly one wins. */
export async function raced(
  scratch: Scratch,
  racers: readonly Racer[],
  verb: Burst['verb'],
): Promise<Finding> {
  const { expiry, shelf } = scratch
  const what = verbs[verb]
  const [told, undecided]: [Outcomes[], Outcomes[]] = [[], []]
  for (let i = 0; i < contests; i += 1) {
    const [key, mark] = [0, 1].map((apart) => `${folderOf(scratch, i + apart)}/${verb}${i}`) as [
      string,
      string,
    ]
    if (verb === 'replace' || verb === 'delete') await shelf.insert(key, Buffer.from('0'), expiry)
    const version = (await shelf.get(key))?.version ?? 0
    const burst = { verb, key, mark, version, expiry, times }
    const all = await Promise.all(racers.map((racer) => racer.burst(burst)))
    const wrong = wrongWith(all, await written(scratch, verb, key))
    if (wrong !== undefined) return { what, outcome: 'refuted', detail: `${wrong} (${key})` }
    told.push(...all)
    if (sum(all, 'won') === 0) undecided.push(...all)
  }
  const lost = undecided.length / racers.length
  if (lost === contests)
    return { what, outcome: 'refuted', detail: `no contest had a winner: ${reasonIn(undecided)}` }
  const tries = `${contests - lost} contests of ${times * racers.length} tries by ${racers.length} processes`
  return { what, outcome: 'proved', detail: `${tries}, one winner each${aside(told, lost)}` }
}

/** What nothing is known of. */
function aside(told: readonly Outcomes[], lost: number): string {
  const unknown = sum(told, 'unknown')
  if (unknown === 0) return ''
  const of = lost === 0 ? '' : `, in ${lost} more contests of all that might have won`
  return `; ${unknown} tries were answered that nothing is known${of}: ${reasonIn(told)}`
}

function reasonIn(told: readonly Outcomes[]): string {
  return told.find(({ why }) => why !== undefined)?.why ?? 'all lost'
}

/** How many records one mark made. */
async function written({ shelf }: Scratch, verb: string, key: string): Promise<number> {
  if (verb !== 'mark') return 1
  const folder = key.slice(0, key.lastIndexOf('/'))
  const { keys } = await shelf.list(folder, 3, `${key}-`)
  return keys.filter((each) => each.startsWith(`${key}-`)).length
}

function wrongWith(all: readonly Outcomes[], records: number): string | undefined {
  const [won, unknown] = [sum(all, 'won'), sum(all, 'unknown')]
  const [wrong] = all.flatMap((each) => each.wrong)
  if (wrong !== undefined) return `a try failed otherwise than as unknown: ${wrong}`
  // One that nothing is known of may have won.
  if (won > 1 || (won === 0 && unknown === 0)) return `${won} winners`
  return records > 1 ? `${records} records were written with one mark` : undefined
}

function sum(all: readonly Outcomes[], of: 'won' | 'unknown'): number {
  return all.reduce((total, each) => total + each[of], 0)
}

/** A clock that is off, and who goes by it. */
export interface Skewed {
  readonly ahead: number
  readonly racer: Racer
}

/** What clocks that differ make of one record. */
export async function skewed(
  scratch: Scratch,
  clocks: readonly Skewed[],
): Promise<readonly Finding[]> {
  const { shelf, now, expiry } = scratch
  const soon = `${folderOf(scratch, 0)}/soon`
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
  for (const first of clocks.keys()) {
    const all = await spentBy(scratch, clocks, first)
    if (isWrong(all))
      return [...found, { what, outcome: 'refuted', detail: 'spent twice, or not at all' }]
    if (sum(all, 'unknown') > 0)
      return [...found, { what, outcome: 'unproved', detail: reasonIn(all) }]
  }
  const until = `with a mark that is remembered until ${isoTime(expiry)}`
  const detail = `clocks of ${clocks.map(({ ahead }) => signed(ahead)).join(', ')} s, each first once, ${until}`
  return [...found, { what, outcome: 'proved', detail }]
}

/** How often a mark is spent anew of which somebody was told that nothing is known. */
const anew = 5

/** One clock spends a mark, then the others try; what the first was told stands first. */
async function spentBy(
  scratch: Scratch,
  clocks: readonly Skewed[],
  first: number,
): Promise<readonly Outcomes[]> {
  const order = [...clocks.slice(first), ...clocks.slice(0, first)]
  for (let i = 1; ; i += 1) {
    const key = `${folderOf(scratch, first)}/by${first}-${i}`
    const mark = `${folderOf(scratch, first + 1)}/spent${first}-${i}`
    const burst = { verb: 'mark', key, mark, version: 0, expiry: scratch.expiry, times: 1 } as const
    const all: Outcomes[] = []
    for (const { racer } of order) all.push(await racer.burst(burst))
    if (sum(all, 'unknown') === 0 || isWrong(all) || i === anew) return all
  }
}

/** Two have won, or the first did not: where it was told that nothing is known, the next one may be the first. */
function isWrong(all: readonly Outcomes[]): boolean {
  const [first] = all
  return sum(all, 'won') > 1 || (first?.won === 0 && first.unknown === 0)
}

function signed(seconds: number): string {
  return seconds > 0 ? `+${seconds}` : String(seconds)
}
