/** Part `simulation` of the long runs: seed after seed. */
import { type BuildName, builds } from '../builds.ts'
import type { RunPart } from '../parts.ts'
import { named, numberOf } from '../parts.ts'
import { patch } from '../patched.ts'
import type { Simulation } from './simulate.ts'

/** After so many seeds it is written down how far it has come. */
const step = 500

export const run: RunPart = async (given, progress, say) => {
  const [build = 'good'] = named(given.build, Object.keys(builds) as BuildName[])
  const { edits } = builds[build]
  if (build !== 'good' && edits.length === 0)
    throw new Error(
      `${build} is broken in what stands before its store, and a simulation has another one`,
    )
  patch(edits)
  const { newInitialState } = await import('./initial-state.ts')
  const { simulate } = await import('./simulate.ts')
  const initial = await newInitialState()
  if (given.seed !== '') {
    const seed = numberOf(given, 'seed')
    const found = await simulate(initial, seed)
    say(`seed ${seed}: ${found.calls} lines, ${found.crashes} crashes, digest ${found.digest}`)
    return problems(seed, found, build)
  }
  const all = numberOf(given, 'seeds')
  const name = `simulation of ${build}`
  for (let done = progress.of(name).seeds ?? 0; done < all; ) {
    const sums = { seeds: 0, crashes: 0, lines: 0 }
    for (; sums.seeds < step && done < all; done += 1) {
      const found = await simulate(initial, done + 1)
      const wrong = problems(done + 1, found, build)
      if (wrong.length > 0) return wrong
      sums.seeds += 1
      sums.crashes += found.crashes
      sums.lines += found.calls
    }
    progress.add(name, sums)
    say(`${name}: ${JSON.stringify(progress.of(name))}`)
  }
  return []
}

function problems(
  seed: number,
  { breaches, wrong, digest }: Simulation,
  build: BuildName,
): readonly string[] {
  const all = [...breaches.map(({ rule, thing, why }) => `${rule}: ${thing}: ${why}`), ...wrong]
  if (all.length === 0) return []
  const of = build === 'good' ? '' : ` build=${build}`
  const again = `npm run test:faults -- simulation seed=${seed}${of}`
  return [`seed ${seed}, digest ${digest} (again: ${again})`, ...all]
}
