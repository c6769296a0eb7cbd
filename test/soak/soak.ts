/**
 * Part `soak` of the long runs: whole loops at two servers behind nginx, at half of what the pair takes, for as long as
 * is said. Nothing may fail, nobody may restart, and the memory of each server may not grow.
 *
 * How memory is looked at: every five seconds the garbage of each server is collected by its inspector, free pages are
 * given back, and what is resident then is the sample; so it says what is held, and nothing of when V8 last found it
 * worth its while to collect. Samples of the first third of the time, ten minutes at most, are left out: code is compiled and
 * caches are filled in it. The slope is that of a straight line through the others (`test/trend.ts`).
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { RunPart } from '../faults/parts.ts'
import { named, numberOf } from '../faults/parts.ts'
import { type PlaceName, places } from '../faults/places.ts'
import type { Progress, Sums } from '../faults/progress.ts'
import { needs } from '../program.ts'
import { residentOf } from '../resident.ts'
import { freePorts } from '../wire.ts'
import { type Collector, collectorAt } from './collector.ts'
import { judgeSoak } from './judge.ts'
import { type Pair, startPair } from './pair.ts'
import { halfLoad, type Work } from './work.ts'

/** Seconds between two samples. */
const every = 5

/** Seconds for which it is tried what the pair takes. */
const seconds = 15

/** Samples after which there is another session: one ends when it is two hours old. */
const session = 180

export const run: RunPart = async (given, progress, say) => {
  const missing = needs('nginx').skip
  if (missing !== undefined) return [`soak: ${missing}`]
  const wrong: string[] = []
  const minutes = numberOf(given, 'minutes')
  for (const store of named(given.store, Object.keys(places) as PlaceName[])) {
    const soak: Soak = {
      name: `soak of ${minutes} min on ${store}`,
      samples: Math.ceil((minutes * 60) / every),
      ...{ store, clients: numberOf(given, 'clients'), progress, say },
    }
    if (samplesOf(soak, livesOf(soak)).length < soak.samples) await live(soak)
    const { said, wrong: found } = judgeSoak(samplesOf(soak, livesOf(soak)))
    say(`${soak.name}: ${said}`)
    wrong.push(...found.map((each) => `${soak.name}: ${each}`))
  }
  return wrong
}

interface Soak {
  readonly name: string
  readonly samples: number
  readonly store: PlaceName
  readonly clients: number
  readonly progress: Progress
  readonly say: (line: string) => void
}

/** A soak that was stopped begins anew: what grows slowly is seen in one life of a server only. */
const livesOf = ({ name, progress }: Soak): number => progress.of(name).lives ?? 0

const nameOf = ({ name }: Soak, life: number, sample: number): string =>
  `${name}, life ${life}, sample ${sample}`

function samplesOf(soak: Soak, life: number): readonly Sums[] {
  const samples: Sums[] = []
  for (;;) {
    const sample = soak.progress.of(nameOf(soak, life, samples.length + 1))
    if (sample.second === undefined) return samples
    samples.push(sample)
  }
}

async function live(soak: Soak): Promise<void> {
  const inspectors = await freePorts(2)
  const pair = await startPair({ store: soak.store, inspectors })
  const collectors: Collector[] = []
  let work: Work | undefined
  try {
    for (const port of inspectors) collectors.push(await collectorAt(port))
    soak.progress.add(soak.name, { lives: 1 })
    work = await halfLoad(pair, { clients: soak.clients, seconds })
    const [most, pace] = [work.most, work.pace].map((each) => each.toFixed(1))
    soak.say(`${soak.name}: the pair takes ${most} loops a second, ${pace} come`)
    await sampled(soak, pair, collectors, work)
  } finally {
    await work?.stop()
    for (const each of collectors) each.close()
    await pair.stop()
  }
}

async function sampled(
  soak: Soak,
  { servers }: Pair,
  collectors: readonly Collector[],
  work: Work,
): Promise<void> {
  const life = livesOf(soak)
  const began = performance.now()
  for (let sample = 1; sample <= soak.samples; sample += 1) {
    await delay(Math.max(0, began + sample * every * 1000 - performance.now()))
    if (sample % session === 0) await work.logInAgain()
    const before = servers.map(({ pid }) => residentOf(pid))
    for (const each of collectors) await each.collect()
    const after = servers.map(({ pid }) => residentOf(pid))
    const alarms = servers.flatMap((server) => server.alarms)
    soak.progress.add(nameOf(soak, life, sample), {
      second: (performance.now() - began) / 1000,
      ...{ loops: work.count.loops, requests: work.count.requests, late: work.late() },
      ...{ failed: work.count.failed.length, alarms: alarms.length },
      ...Object.fromEntries(before.map((bytes, i) => [`resident ${i + 1}`, bytes])),
      ...Object.fromEntries(after.map((bytes, i) => [`held ${i + 1}`, bytes])),
    })
    const first = work.count.failed[0] ?? alarms[0]
    if (first !== undefined && sample % 12 === 0) soak.say(first)
  }
}
