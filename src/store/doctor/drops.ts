import { reasonOf } from '../../base/log.ts'
import { delay, nextTurn } from '../../base/time.ts'
import { type Outcome, type Shelf, StoreUnavailable } from '../store.ts'
import type { Finding } from './finding.ts'
import { folderOf, type Scratch } from './scratch.ts'

/**
 * How often the connections are lost, at least, and at most until some of the writes were told as done and some were
 * not: how long a write takes is the store's affair.
 */
const rounds = 8
const mostRounds = 24
const writes = 40

export const lostConnections =
  'what was under way when a connection was lost is told as unknown, and what was told is so'

interface Counts {
  readonly won: number
  readonly unknown: number
  /** Of the unknown ones, those that were done. */
  readonly written: number
}

const none: Counts = { won: 0, unknown: 0, written: 0 }

/**
 * Loses the connections of `through` under writes, each of a key of its own with a mark of its own. One that
 * won is there; none is told to have lost, since nobody else wrote it.
 */
export async function drops(
  scratch: Scratch,
  through: Shelf,
  drop: () => number,
): Promise<readonly Finding[]> {
  const refuted = (detail: string): readonly Finding[] => [
    { what: lostConnections, outcome: 'refuted', detail },
  ]
  let [all, dropped, round] = [none, 0, 0]
  for (; round < rounds || (round < mostRounds && !bothIn(all)); round += 1) {
    const keys = Array.from(
      { length: writes },
      (_, i) => `${folderOf(scratch, i)}/drop${round}-${i}`,
    )
    const outcomes = keys.map((key) => written(scratch, through, key))
    await moments[round % moments.length]?.(round, outcomes)
    dropped += drop()
    const counts = await counted(scratch, keys, await Promise.all(outcomes))
    if (typeof counts === 'string') return refuted(counts)
    all = added(all, counts)
    if (!(await recovers(through, `${folderOf(scratch, round)}/again${round}`, scratch.expiry)))
      return refuted('no write succeeded again within ten seconds')
  }
  const { won, unknown, written: done } = all
  const detail = `${dropped} connections lost under ${round * writes} writes: ${won} told as done and all there, ${unknown} as unknown, of which ${done} were done`
  return [{ what: lostConnections, outcome: bothIn(all) ? 'proved' : 'unproved', detail }]
}

/**
 * When the connections are lost, in turn: so few turns of the loop after the writes were asked for that no store has
 * answered, however fast it is; when the first is answered, however slow it is; and some time between.
 */
const moments: readonly ((
  round: number,
  outcomes: readonly Promise<string>[],
) => Promise<unknown>)[] = [
  async (round) => {
    for (let turn = 0; turn <= round % 4; turn += 1) await nextTurn()
  },
  (_, outcomes) => Promise.race(outcomes),
  (round) => delay(round),
]

/** Only where there were both anything is shown of either. */
const bothIn = ({ won, unknown }: Counts): boolean => won > 0 && unknown > 0

async function written({ expiry }: Scratch, through: Shelf, key: string): Promise<string> {
  try {
    return await through.insert(key, Buffer.alloc(200), expiry, { key: `${key}:mark`, expiry })
  } catch (error) {
    return error instanceof StoreUnavailable ? 'unknown' : `failed: ${reasonOf(error)}`
  }
}

/** Compares what was told with what is there; a text says what is wrong. */
async function counted(
  { shelf }: Scratch,
  keys: readonly string[],
  outcomes: readonly string[],
): Promise<Counts | string> {
  let counts = none
  for (const [i, outcome] of outcomes.entries()) {
    const key = keys[i] ?? ''
    const there = (await shelf.get(key)) !== undefined
    const [won, unknown] = [outcome === 'won', outcome === 'unknown']
    if (won ? !there : !unknown)
      return `${key} was told ${outcome}, and is ${there ? '' : 'not '}there`
    counts = added(counts, {
      ...{ won: Number(won), unknown: Number(unknown), written: Number(unknown && there) },
    })
  }
  return counts
}

function added(one: Counts, other: Counts): Counts {
  return {
    won: one.won + other.won,
    unknown: one.unknown + other.unknown,
    written: one.written + other.written,
  }
}

async function recovers(through: Shelf, key: string, expiry: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const outcome: Outcome | 'not yet' = await through
      .insert(`${key}-${tries}`, Buffer.alloc(0), expiry)
      .catch(() => 'not yet' as const)
    if (outcome === 'won') return true
    await delay(100)
  }
  return false
}
