/** Whether a server and its store are after millions of pushes as they were after the first. */
import { medianOf, trendOf } from '../../test/trend.ts'

/**
 * What was seen of a part: pushes of the parts so far; CPU microseconds of the server for a push, and for sweeping
 * one; bytes of the store when all pushes of the part were in it (`full`). And once they had ended: bytes that the
 * server had resident, after a collection; what the store held (`Held`).
 */
export const figures = [
  'pushes',
  'push',
  'sweep',
  'full',
  'resident',
  'bytes',
  'records',
  'dead',
] as const

export type Part = Readonly<Record<(typeof figures)[number], number>>

/** What was seen of one server on one store, from its start to its end. */
export interface Life {
  readonly parts: readonly Part[]
  /**
   * CPU of a push at the end, of what it is at a new server on a new store: medians of turns, so that both share whatever
   * else the machine does. Undefined where the life was cut short.
   */
  readonly worn: number | undefined
}

/** What late pushes may cost of what early ones do. */
export const costBar = 1.2

/** The part of its mean by which a figure may grow from the first part to the last, by the line through all. */
const growthBar = 0.1

/** Records that may stay of a thousand pushes. */
const staying = 1

/** Parts that say nothing yet: what is made once is made in them. */
const warmUp = 1

/** Parts behind these without which nothing is judged. */
const fewest = 4

export interface Judged {
  /** CPU of a late push, of what an early one took. */
  readonly cost: number
  /** From the first part to the last, by the line through all, as part of the mean. */
  readonly growth: Readonly<Record<'resident' | 'full', number>>
  /** Records that are there for each thousand pushes, once these have ended. */
  readonly stayed: number
  /** What is not as it has to be. */
  readonly wrong: readonly string[]
}

/** Judges one life; undefined where its parts are too few. */
export function judge({ parts: all, worn }: Life): Judged | undefined {
  const parts = all.slice(warmUp)
  const [first, last] = [parts[0], parts.at(-1)]
  if (parts.length < fewest || first === undefined || last === undefined) return undefined
  const cost = worn ?? costBetween(parts)
  const growth = { resident: growthOf(parts, 'resident'), full: growthOf(parts, 'full') }
  const stayed = ((last.records - first.records) * 1000) / (last.pushes - first.pushes)
  const wrong = [
    [cost > costBar, `late pushes cost ${cost.toFixed(2)} times early ones`],
    [growth.resident > growthBar, `the server’s memory grew by ${percent(growth.resident)}`],
    [growth.full > growthBar, `the store grew by ${percent(growth.full)}`],
    [stayed > staying, `${stayed.toFixed(1)} records stay of each thousand pushes`],
  ] as const
  return { cost, growth, stayed, wrong: wrong.flatMap(([is, said]) => (is ? [said] : [])) }
}

/** Medians of the last third of the parts and of the first. */
function costBetween(parts: readonly Part[]): number {
  const third = Math.floor(parts.length / 3)
  const costOf = (some: readonly Part[]): number => medianOf(some.map(({ push }) => push))
  return costOf(parts.slice(-third)) / costOf(parts.slice(0, third))
}

function growthOf(parts: readonly Part[], name: 'resident' | 'full'): number {
  const samples = parts.map((part) => ({ x: part.pushes, y: part[name] }))
  const { slope, mean } = trendOf(samples)
  return (slope * ((samples.at(-1)?.x ?? 0) - (samples[0]?.x ?? 0))) / mean
}

/** `3.1 %` */
export function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}
