import { atCommit } from './at-commit.ts'
import type { Case, ShelfName } from './cases.ts'
import { cases, first, shelves } from './cases.ts'
import type { Benched, Scenario } from './drive.ts'
import {
  connections,
  logInToOidcProvider,
  logInToParapet,
  run,
  startServer,
  stopServer,
} from './drive.ts'
import { median, table } from './figures.ts'

/** How often every case is measured, and with how many pushes; a loop counts as three. */
export interface Amount {
  readonly rounds: number
  readonly perTurn: number
}

/**
 * Runs of every case before any is counted: so long V8 goes on compiling anew, and all servers here
 * get cheaper by a third or a half.
 */
const warmUp = 10_000

/** Of ours, today's and the first commit's: two processes of the same code differ by a tenth, by what V8 made of it in each. */
const processes = 2

/** Servers that do the same work; ours in pairs, today's and that of the first commit, on the same shelf. */
interface Servers {
  readonly theirs: Benched
  readonly pairs: Readonly<Record<ShelfName, readonly Pair[]>>
}

type Pair = readonly [before: Benched, today: Benched]

/** Microseconds of each round; of pairs, those of all of them. */
interface Spent {
  readonly theirs: number[]
  readonly floor: number[]
  readonly before: Record<ShelfName, number[]>
  readonly today: Record<ShelfName, number[]>
}

/** CPU microseconds of the server per request: ours, oidc-provider and the bare floor, in turns. */
export async function cpu(amount: Amount): Promise<{ text: string; wrong: string[] }> {
  return atCommit(first, async (bench) => {
    const floor = await startServer('node:http', 'floor.ts')
    const spent = new Map<Case, Spent>()
    // Pushes and loops have servers of their own, since oidc-provider's store is another for loops.
    for (const scenario of ['push', 'loop'] as const)
      await measured(scenario, { floor, bench, amount }, spent)
    stopServer(floor)
    return report(spent, amount)
  })
}

interface Around {
  readonly floor: Benched
  readonly bench: string
  readonly amount: Amount
}

async function measured(
  scenario: Scenario,
  { floor, bench, amount }: Around,
  spent: Map<Case, Spent>,
): Promise<void> {
  const servers = await started(scenario, bench)
  const own = cases.filter((one) => one.scenario === scenario)
  for (const one of own)
    for (const server of [floor, ...all(servers)])
      if (server !== floor || isBare(one)) await run(server, one.scenario, one.kind, warmUp)
  // One case after the other, and a turn of each for nothing: what rests V8 forgets, and compiles anew.
  for (const one of own) spent.set(one, await rounds(servers, floor, one, amount))
  for (const server of all(servers)) stopServer(server)
}

async function started(scenario: Scenario, bench: string): Promise<Servers> {
  const map = scenario === 'loop' ? ['map'] : []
  const theirs = await startServer('oidc-provider', 'oidc-provider.ts', map)
  if (scenario === 'loop') await logInToOidcProvider(theirs)
  const pairs: Record<ShelfName, Pair[]> = { sqlite: [], memory: [] }
  for (const shelf of shelves)
    for (let i = 0; i < processes; i += 1) {
      const before = await startServer(first, 'parapet.ts', [shelf], bench)
      const pair = [before, await startServer('this tree', 'parapet.ts', [shelf])] as const
      for (const server of pair) await logInToParapet(server)
      pairs[shelf].push(pair)
    }
  return { theirs, pairs }
}

function all({ theirs, pairs }: Servers): readonly Benched[] {
  return [theirs, ...Object.values(pairs).flat(2)]
}

/** The floor understands neither assertions nor loops. */
function isBare({ scenario, kind }: Case): boolean {
  return scenario === 'push' && (kind === 'basic' || kind === 'public')
}

async function rounds(
  { theirs, pairs }: Servers,
  floor: Benched,
  one: Case,
  { rounds, perTurn }: Amount,
): Promise<Spent> {
  const count = Math.ceil(perTurn / (one.scenario === 'push' ? 1 : 3))
  const turn = (server: Benched): Promise<number> => run(server, one.scenario, one.kind, count)
  const lists = (): Record<ShelfName, number[]> => ({ sqlite: [], memory: [] })
  const spent: Spent = { theirs: [], floor: [], before: lists(), today: lists() }
  for (let round = 0; round <= rounds; round += 1) {
    const kept = (to: number[], figure: number): void => void (round > 0 && to.push(figure))
    if (isBare(one)) kept(spent.floor, await turn(floor))
    kept(spent.theirs, await turn(theirs))
    // Whoever comes second finds the machine otherwise: each is first as often.
    for (const shelf of shelves)
      for (const pair of pairs[shelf])
        for (const i of (round % 2 === 0 ? [0, 1] : [1, 0]) as (0 | 1)[])
          kept(spent[i === 0 ? 'before' : 'today'][shelf], await turn(pair[i]))
  }
  return spent
}

function report(
  spent: ReadonlyMap<Case, Spent>,
  { rounds }: Amount,
): { text: string; wrong: string[] } {
  const wrong: string[] = []
  const lines = [...spent].map(([one, figures]) => {
    const name = `${one.scenario} ${one.kind}`
    const cells = shelves.flatMap((shelf) => {
      const { share, there } = shares(one, figures, shelf)
      if (there > one.bars[shelf]) wrong.push(`${name}, ${shelf}: ${there.toFixed(3)}`)
      const now = median(figures.today[shelf]).toFixed(0)
      return [now, share.toFixed(2), there.toFixed(2), one.bars[shelf]]
    })
    return [name, median(figures.theirs).toFixed(0), ...cells]
  })
  const columns = shelves.flatMap((shelf) => [`parapet, ${shelf}`, 'share', 'there', 'bar'])
  const bare = median([...spent.values()].flatMap(({ floor }) => floor)).toFixed(0)
  const text = [
    `CPU µs of the server per request, medians of ${rounds} rounds, ${connections} connections; *there*: the share on the ` +
      `machine on which the bars were set, which is what ${first} took there by what this tree takes of it here:`,
    table(['', 'oidc-provider', ...columns], lines),
    `A bare \`node:http\` server that parses the form and answers 201 takes ${bare} µs a push.`,
  ].join('\n\n')
  return { text, wrong }
}

/** Of oidc-provider's CPU on this machine, and on that of the bars. */
function shares(
  one: Case,
  { theirs, before, today }: Spent,
  shelf: ShelfName,
): { readonly share: number; readonly there: number } {
  // By rounds: what slows the machine down for half a minute slows down both.
  const earlier = before[shelf]
  const ratio = median(today[shelf].map((each, i) => each / (earlier[i] ?? Number.NaN)))
  return {
    share: median(today[shelf]) / median(theirs),
    there: ratio * one.first[shelf],
  }
}
