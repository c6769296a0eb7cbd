import { remainingSeeds } from './demo/populate.ts'
import { administratorProblem } from './first-administrator.ts'
import type { Realms } from './realm/realms.ts'
import { exposedBy } from './server/exposure.ts'
import type { Settings } from './server/settings.ts'
import type { Store } from './store/store.ts'

/** What in a store keeps it from being served under these settings, each with what to do about it. */
export async function storeProblems(
  settings: Settings,
  demo: boolean,
  store: Store,
  realms: Realms,
): Promise<readonly string[]> {
  const problems: string[] = []
  const seeds = exposedBy(settings) === undefined ? [] : await remainingSeeds(store, realms)
  if (seeds.length > 0) {
    problems.push(
      `this store has credentials of the demo that everybody knows (${seeds.join(', ')}): remove them with \`parapet remove-demo\`, change them, or serve on a loopback address`,
    )
  }
  const administrator = await administratorProblem(settings, demo, store, realms)
  return administrator === undefined ? problems : [...problems, administrator]
}
