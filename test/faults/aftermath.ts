/** After a load: what was left is used, what was used is brought again, and all that was seen is judged. */
import { bringAgain } from './carried.ts'
import { type Breach, judge, nameOf } from './checker.ts'
import { answerWalk } from './journey/walk.ts'
import { type Flow, type Load, open, pushWith, redeem, refreshing, type SentId } from './load.ts'
import { lifetimes } from './parties.ts'
import type { Stage } from './stage.ts'
import { secondOf, thingOf } from './things.ts'

type Left = Pick<Load, 'flows' | 'ids'>

const workers = 16

export async function withWorkers<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = [...items]
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: workers }, worker))
}

/** Uses whatever was left, then brings everything once more: of each at most so many. */
export async function useAll(stage: Stage, { flows, ids }: Left, most: number): Promise<void> {
  const newest = flows.slice(-most)
  await withWorkers(newest, async (flow) => {
    if (flow.code === undefined) await open(stage, flow)
    else if (flow.refresh_token !== undefined) await refreshing(stage, flow)()
    if (flow.code !== undefined && flow.refresh_token === undefined) await redeem(stage, flow)
  })
  await withWorkers(newest, (flow) => again(stage, flow))
  // What was made while clocks were ahead is refused for its time, as a wrong try, of which a client has few.
  const now = secondOf(stage)
  const made = ids.filter(({ exp }) => exp - lifetimes.assertion <= now)
  await withWorkers(made.slice(-most), (id) => sendAgain(stage, id))
  // What was left is gone on with, what was answered is answered again.
  await withWorkers(stage.walks.slice(-most), (walk) => answerWalk(stage, walk))
  const carried = stage.carried.filter(({ iat }) => iat <= now)
  await withWorkers(carried.slice(-most), async (proof) => {
    for (const node of stage.nodes) await bringAgain(stage, proof, node)
  })
}

/** A code that is brought again ends what came of it (C-14), so that comes last. */
async function again(stage: Stage, flow: Flow): Promise<void> {
  const { code } = flow
  await open(stage, { ...flow })
  if (code === undefined) return
  const token = String(flow.refresh_token)
  stage.history.end('client', thingOf('refresh_token', flow.realm, token), 'unknown')
  await redeem(stage, { ...flow, code })
}

/** Its assertion again, and its object with an assertion that is new. */
async function sendAgain(stage: Stage, { realm, object, ...id }: SentId): Promise<void> {
  await pushWith(stage, { flows: [], ids: [] }, realm, id, object)
}

/** Seconds by which a server takes an assertion longer than it says (`skew` in `src/client/method/assertion.ts`). */
const skew = 30

/** What a server that was cut off refused, since it could not know of it. */
const refusedThere = 'refused by a server that was cut off'

/** What is wrong with all that was seen; `apart`: seconds by which the servers' clocks differ. */
export function verdict(stage: Stage, apart = 0): Verdict {
  const { lines } = stage.history
  const breaches = judge(lines, skew + apart + 1)
  const trusting = lines.map((line) =>
    line.doubt === 'cut off' ? { ...line, doubt: undefined } : line,
  )
  const stale = judge(trusting, skew + apart + 1).length - breaches.length
  const uses = { ...countUses(stage), ...(stale === 0 ? {} : { [refusedThere]: stale }) }
  return { breaches, wrong: stage.wrong, hung: stage.hung, uses }
}

export interface Verdict {
  readonly breaches: readonly Breach[]
  readonly wrong: readonly string[]
  readonly hung: readonly string[]
  /** How often each kind was used, and how that ended: `code ok`. */
  readonly uses: Readonly<Record<string, number>>
}

function countUses({ history }: Stage): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { operation, phase, thing } of history.lines) {
    if (operation !== 'use' || phase === 'invoke') continue
    const name = `${thing.kind} ${phase}`
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** All lines about the things that a rule was broken for, so that a person can follow what happened. */
export function linesAbout(stage: Stage, { breaches }: Verdict): string {
  const things = new Set(breaches.slice(0, 3).map(({ thing }) => thing))
  const lines = stage.history.lines.filter(({ thing }) => things.has(nameOf(thing)))
  return lines.map((line) => JSON.stringify(line)).join('\n')
}
