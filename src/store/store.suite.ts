import { suite, type TestContext, test } from 'node:test'
import type { Ready } from '../base/ready.ts'
import type { Clock } from '../base/time.ts'
import { races, walks } from './races.suite.ts'
import type { Store } from './store.ts'
import { marks, start, verbs } from './verbs.suite.ts'

/** Opens an empty shelf that tells the time by `now`, sweeps by `sweepable`, and is closed when the test ends. */
export type OpenStore = (now: Clock, t: TestContext, sweepable: Clock) => Ready<Store>

/** Runs the contract of `Store`, what every backend must pass. */
export function storeSuite(name: string, open: OpenStore): void {
  suite(name, () => {
    for (const [title, check] of Object.entries({ ...verbs, ...marks, ...races, ...walks })) {
      test(`${name}: ${title}`, async (t) => {
        const clock = { now: start, lag: 0 }
        const sweepable = (): number => clock.now - clock.lag
        await check({ store: await open(() => clock.now, t, sweepable), clock })
      })
    }
  })
}
