import { suite, type TestContext, test } from 'node:test'
import type { Ready } from '../base/ready.ts'
import type { Clock } from '../base/time.ts'
import { lists, races, sweeps, walks } from './races.suite.ts'
import type { Shelf } from './store.ts'
import { strange, strangeWalks } from './strange.suite.ts'
import { counts, marks, start, verbs } from './verbs.suite.ts'

/** Opens an empty shelf that tells the time by `now`, sweeps by `sweepable`, and is closed when the test ends. */
export type OpenStore = (now: Clock, t: TestContext, sweepable: Clock) => Ready<Shelf>

/** What a backend is not asked, since it has other ways. */
export interface Otherwise {
  /** What has ended is deleted by the store itself, and a sweep finds nothing. */
  readonly sweptByItself?: boolean
  /** Nothing of it is kept in memory, so its count of changes may be another one each time. */
  readonly uncounted?: boolean
  /** Why it cannot be tried here. */
  readonly skip?: string
}

/** Runs the contract of `Store`, what every backend must pass. */
export function storeSuite(
  name: string,
  open: OpenStore,
  { sweptByItself, uncounted, skip }: Otherwise = {},
): void {
  const swept = sweptByItself === true ? {} : sweeps
  const counted = uncounted === true ? {} : counts
  const checks = {
    ...verbs,
    ...counted,
    ...marks,
    ...races,
    ...lists,
    ...walks,
    ...strange,
    ...strangeWalks,
    ...swept,
  }
  suite(name, skip === undefined ? {} : { skip }, () => {
    for (const [title, check] of Object.entries(checks)) {
      test(`${name}: ${title}`, async (t) => {
        const clock = { now: start, lag: 0 }
        const sweepable = (): number => clock.now - clock.lag
        await check({ store: await open(() => clock.now, t, sweepable), clock })
      })
    }
  })
}
