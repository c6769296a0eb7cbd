/**
 * Whether a server and its store stay as they are while millions of pushes come and end: the server's memory, the
 * store's size, what a push costs. In parts, each of pushes that have all ended before the next ones come; what was
 * seen of each is in the progress file. A run that was stopped begins anew, as another life of server and store,
 * with the parts that are left.
 */
import { openProgress } from '../../test/faults/progress.ts'
import { medianOf } from '../../test/trend.ts'
import type { Amount } from '../cpu.ts'
import { type Benched, startServer, stopServer, usage } from '../drive.ts'
import { type Kept, kept } from './kept.ts'
import { report } from './report.ts'
import { lifetime, type Shelf, type ShelfName, shelves } from './shelves.ts'
import { costBar, type Part } from './verdict.ts'

/** Where it runs, and where its figures are kept. */
export interface Given extends Amount {
  /** `sqlite`, `postgres`, `redis`, `redis-cluster`. */
  readonly store?: string | undefined
  readonly progress?: string | undefined
}

/** Pushes before the first part, for which code is compiled and memory is taken. */
const warmUp = 50_000

/** Turns in which a server at its end and a new one are compared, and the pushes of each. */
const turns = 21
const perTurn = 10_000

/** What is printed, and what is not as it has to be. @throws Error for a store that it does not know. */
export async function endurance({ rounds, perTurn: perPart, store = 'sqlite', progress }: Given) {
  if (!Object.hasOwn(shelves, store))
    throw new Error(`endurance has no store ${store}: ${Object.keys(shelves).join(', ')}`)
  const run = kept(openProgress(progress), `endurance on ${store} by ${perPart}`)
  const left = rounds - run.lives().flatMap(({ parts }) => parts).length
  if (left > 0) await live(store as ShelfName, run, left, perPart)
  const told = run.lives().map(report)
  const none = told.every(({ judged }) => !judged)
  return {
    text: [
      `Pushes on ${store} in parts of ${perPart}, each ended after ${lifetime} s and gone before the next; late pushes may cost ${costBar} times early ones:`,
      ...told.map(({ text }) => text),
    ].join('\n\n'),
    wrong: none ? ['no life has enough parts to judge'] : told.flatMap(({ wrong }) => wrong),
  }
}

/** A server and its store. */
interface Pair {
  readonly server: Benched
  readonly shelf: Shelf
}

/** New ones, after the pushes for which a server warms up. */
async function started(store: ShelfName): Promise<Pair> {
  const shelf: Shelf = await shelves[store]()
  const args = [shelf.url, String(lifetime)]
  const server = await startServer(`parapet, ${store}`, 'parapet.ts', args)
  await usage(server, { order: 'fill', count: warmUp })
  await shelf.end(server, warmUp)
  return { server, shelf }
}

async function ended({ server, shelf }: Pair): Promise<void> {
  stopServer(server)
  await shelf.close()
}

/** So many parts, and how the server and its store compare with new ones then. */
async function live(store: ShelfName, run: Kept, parts: number, count: number): Promise<void> {
  const old = await started(store)
  const life = run.begin()
  try {
    for (let part = 1; part <= parts; part += 1)
      life.add({ ...(await onePart(old, count)), pushes: part * count })
    const young = await started(store)
    try {
      life.compared(await compared(old.server, young.server))
    } finally {
      await ended(young)
    }
  } finally {
    await ended(old)
  }
}

async function onePart({ server, shelf }: Pair, count: number): Promise<Omit<Part, 'pushes'>> {
  const before = await usage(server)
  const pushed = await usage(server, { order: 'fill', count })
  const { bytes: full } = await shelf.held()
  await shelf.end(server, count)
  const after = await usage(server)
  const { rss: resident } = await usage(server, { order: 'collect' })
  return {
    push: (pushed.cpu - before.cpu) / count,
    sweep: (after.cpu - pushed.cpu) / count,
    ...{ full, resident },
    ...(await shelf.held()),
  }
}

/** Each goes first as often; the first turn is not counted. */
async function compared(old: Benched, young: Benched): Promise<number> {
  const ratios: number[] = []
  for (let turn = 0; turn <= turns; turn += 1) {
    const order = turn % 2 === 0 ? [old, young] : [young, old]
    const costs = new Map<Benched, number>()
    for (const server of order) costs.set(server, await costOf(server))
    if (turn > 0) ratios.push((costs.get(old) ?? Number.NaN) / (costs.get(young) ?? Number.NaN))
  }
  return medianOf(ratios)
}

async function costOf(server: Benched): Promise<number> {
  const before = await usage(server)
  const after = await usage(server, { order: 'fill', count: perTurn })
  return after.cpu - before.cpu
}
