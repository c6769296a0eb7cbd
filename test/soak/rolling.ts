/** Part `rolling` of the long runs: two servers behind nginx, restarted in turn while clients are at work. */
import type { RunPart } from '../faults/parts.ts'
import { named, numberOf } from '../faults/parts.ts'
import { type PlaceName, places } from '../faults/places.ts'
import { needs } from '../program.ts'
import { type Pair, startPair } from './pair.ts'
import { halfLoad, type Work } from './work.ts'

/** A server for each restart, by turns; one of them has several processes. */
export const workers = [1, 2] as const

/** Restarts the servers in turn, so many times; gives how many requests were asked during each. */
export async function restarts(
  pair: Pair,
  work: Work,
  times: number,
  done: (requests: number) => void = () => undefined,
): Promise<readonly number[]> {
  const asked: number[] = []
  for (let i = 0; i < times; i += 1) {
    if (i > 0) await pair.sentTo((i - 1) % pair.servers.length)
    const before = work.count.requests
    await pair.restart(i % pair.servers.length)
    asked.push(work.count.requests - before)
    done(work.count.requests - before)
  }
  return asked
}

/** Seconds for which it is tried what the pair takes. */
const seconds = 15

/** The first of what failed, and what nginx says of it; a server that it could not reach is passed over, and no failure. */
function told(failed: readonly string[], errors: string): readonly string[] {
  const lines = errors.split('\n').filter((line) => /\[error\]/.test(line) && !/refused/.test(line))
  return [...failed.slice(0, 5), ...lines.slice(0, 5)]
}

export const run: RunPart = async (given, progress, say) => {
  const missing = needs('nginx').skip
  if (missing !== undefined) return [`rolling restarts: ${missing}`]
  const wrong: string[] = []
  for (const store of named(given.store, Object.keys(places) as PlaceName[])) {
    const name = `rolling restarts on ${store}`
    const left = numberOf(given, 'restarts') - (progress.of(name).restarts ?? 0)
    if (left > 0) {
      const pair = await startPair({ store, workers, env: { PARAPET_LOG_LEVEL: 'alarm' } })
      const work = await halfLoad(pair, { clients: numberOf(given, 'clients'), seconds })
      say(`${name}: the pair takes ${work.most.toFixed(0)} loops a second, half of it comes`)
      let [requests, failed, late] = [work.count.requests, 0, 0]
      const write = (times: number): void => {
        const now = { requests: work.count.requests, failed: work.count.failed.length }
        progress.add(name, {
          ...{ restarts: times, requests: now.requests - requests },
          ...{ failed: now.failed - failed, late: work.late() - late },
        })
        ;({ requests, failed } = now)
        late = work.late()
      }
      try {
        const asked = await restarts(pair, work, left, () => write(1))
        if (Math.min(...asked) === 0) wrong.push(`${name}: nothing was asked during one`)
        await work.stop()
        write(0)
        if (work.count.failed.length > 0) wrong.push(...told(work.count.failed, pair.errors()))
      } finally {
        await work.stop()
        await pair.stop()
      }
    }
    const sums = progress.of(name)
    say(`${name}: ${JSON.stringify(sums)}`)
    if ((sums.failed ?? 0) > 0) wrong.push(`${name}: ${sums.failed} requests failed`)
  }
  return wrong
}
