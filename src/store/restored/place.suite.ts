/* A records shelf that others keep, for tests. */
import { random } from '../../base/random.ts'
import { memoryStore } from '../memory/memory.ts'
import type { Shelf, Store } from '../store.ts'
import { type Guard, guard } from './guard.ts'
import type { Guarded } from './look.ts'

export const start = 1_800_000_000
export const value = Buffer.from('value')

/** It can be saved, and what was saved can be brought back under whoever has it open. */
export async function place(): Promise<{
  readonly store: Store
  readonly save: () => Promise<() => void>
}> {
  let current: Shelf = memoryStore(() => start)
  const store: Store = {
    get: (key) => current.get(key),
    insert: (...given) => current.insert(...given),
    replace: (...given) => current.replace(...given),
    delete: (key) => current.delete(key),
    list: (...given) => current.list(...given),
    changeCount: () => current.changeCount(),
    failing: () => false,
    damaged: () => false,
    sweep: async () => 0,
    close: async () => undefined,
  }
  return {
    store,
    async save() {
      const copy = memoryStore(() => start)
      const { records } = await current.walk(10_000)
      for (const each of records) await copy.insert(each.key, each.value, each.expiry)
      return () => {
        current = copy
      }
    },
  }
}

/** What is not said is nothing, and time stands still. */
type Given = Partial<Guarded> & Pick<Guarded, 'records'>

export const guarded = ({ records, ...given }: Given): Promise<Guard> =>
  guard({
    ...{ records, raw: { settings: records, records }, random, url: 'redis://host' },
    ...{ witnesses: [], begun: false, mayLose: false, elapsed: () => 0 },
    ...given,
  })
