import { delay } from '../../base/time.ts'
import { type Shelf, StoreUnavailable } from '../store.ts'
import { lost, untilDecided } from '../update.ts'
import type { BegunMove } from './begin.ts'
import { differences } from './differences.ts'
import type { AtWork, Step } from './migration.ts'

/** Writes to the new store what the old one has otherwise; tells how many records that were. */
export async function write(
  { name, from, to, count }: BegunMove,
  { now, tell, signs }: AtWork,
  what: Step['what'],
): Promise<number> {
  let [done, written] = [0, 0]
  const looked = (more: number): void => {
    done += more
    tell({ what, name, done, all: count })
  }
  for await (const page of differences({ of: from, against: to, count, now, looked })) {
    signs.check()
    await Promise.all(page.map((record) => patiently(() => put(to, record))))
    written += page.length
  }
  return written
}

type Written = Awaited<ReturnType<Shelf['walk']>>['records'][number]

async function put(to: Shelf, { key, value, expiry }: Written): Promise<void> {
  await untilDecided(key, async () => {
    if ((await to.insert(key, value, expiry)) === 'won') return 'written'
    const stored = await to.get(key)
    if (stored === undefined) return lost
    return (await to.replace(key, stored.version, value, expiry)) === 'won' ? 'written' : lost
  })
}

/** Tries again for half a minute: what is written twice is written once. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || tries === 30) throw error
      await delay(1000)
    }
  }
}
