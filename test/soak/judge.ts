/** What the samples of a soak say. */
import type { Sums } from '../faults/progress.ts'
import { trendOf } from '../trend.ts'

/** Per cent of its mean by which the memory of a server may grow in an hour. */
const bar = 1

/** Seconds in which code is compiled and caches are filled: a third of the time, and ten minutes at most. */
const longestWarmUp = 600

export interface Verdict {
  /** All figures, for a person. */
  readonly said: string
  readonly wrong: readonly string[]
}

/** Each sample has the `second`, sums up to it, and what each server `held`. @throws Error for fewer than three. */
export function judgeSoak(samples: readonly Sums[]): Verdict {
  const last = samples.at(-1) ?? {}
  const warmUp = Math.min((last.second ?? 0) / 3, longestWarmUp)
  const judged = samples.filter(({ second }) => (second ?? 0) > warmUp)
  const sums = ['loops', 'requests', 'failed', 'alarms', 'late'] as const
  const counted = sums.map((name) => `${name} ${last[name] ?? 0}`).join(', ')
  const grown = [1, 2].map((server) => growthOf(judged, server))
  return {
    said: [counted, ...grown.map(({ said }) => said)].join('; '),
    wrong: [
      ...(['failed', 'alarms'] as const).flatMap((name) =>
        (last[name] ?? 0) > 0 ? [`${name} ${last[name]}`] : [],
      ),
      ...((last.loops ?? 0) > 0 ? [] : ['nothing was done']),
      ...grown.flatMap(({ wrong }) => wrong),
    ],
  }
}

function growthOf(samples: readonly Sums[], server: number): Verdict {
  const points = samples.map((sample) => ({
    x: (sample.second ?? 0) / 3600,
    y: sample[`held ${server}`] ?? 0,
  }))
  const { slope, error, mean } = trendOf(points)
  const [growth, unsure] = [slope, error].map((each) => (each / mean) * 100) as [number, number]
  const said = `server ${server} held ${(mean / 1e6).toFixed(1)} MB, ${growth.toFixed(2)} ± ${unsure.toFixed(2)} % an hour, by ${samples.length} samples`
  if (growth - unsure > bar) return { said, wrong: [`the memory grows: ${said}`] }
  const isSure = growth + unsure < bar
  return { said, wrong: isSure ? [] : [`too short to say that memory does not grow: ${said}`] }
}
