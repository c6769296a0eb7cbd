import { reasonOf } from '../../base/log.ts'
import { delay } from '../../base/time.ts'
import { type Outcome, type Shelf, StoreUnavailable } from '../store.ts'
import type { Finding } from './finding.ts'
import type { Ward } from './races.ts'

/** How often the connections are lost, and writes under way then. */
const rounds = 8
const writes = 40

const what =
  'what was under way when a connection was lost is told as unknown, and what was told is so'

/**
 * Loses the connections of `through` under writes, each of a key of its own with a mark of its own. One that
 * won is there; none is told to have lost, since nobody else wrote it.
 */
export async function drops(
  { folder, expiry, shelf }: Ward,
  through: Shelf,
  drop: () => number,
): Promise<readonly Finding[]> {
  let [won, unknown, written, dropped] = [0, 0, 0, 0]
  for (let round = 0; round < rounds; round += 1) {
    const keys = Array.from({ length: writes }, (_, i) => `${folder}/drop${round}-${i}`)
    const outcomes = keys.map((key) =>
      through.insert(key, Buffer.alloc(200), expiry, { key: `${key}:mark`, expiry }).catch(failure),
    )
    // Some are on their way, some done, some not yet sent.
    await delay(round)
    dropped += drop()
    for (const [i, outcome] of (await Promise.all(outcomes)).entries()) {
      const key = keys[i] ?? ''
      const there = (await shelf.get(key)) !== undefined
      const wrong = outcome === 'won' ? !there : outcome !== 'unknown'
      if (wrong)
        return [
          {
            what,
            outcome: 'refuted',
            detail: `${key} was told ${outcome}, and is ${there ? '' : 'not '}there`,
          },
        ]
      if (outcome === 'won') won += 1
      else if (there) written += 1
      if (outcome === 'unknown') unknown += 1
    }
    if (!(await recovers(through, `${folder}/again${round}`, expiry)))
      return [{ what, outcome: 'refuted', detail: 'no write succeeded again within ten seconds' }]
  }
  const detail = `${dropped} connections lost under ${rounds * writes} writes: ${won} told as done and all there, ${unknown} as unknown, of which ${written} were done`
  return [{ what, outcome: unknown === 0 ? 'unproved' : 'proved', detail }]
}

function failure(error: unknown): string {
  return error instanceof StoreUnavailable ? 'unknown' : `failed: ${reasonOf(error)}`
}

async function recovers(through: Shelf, key: string, expiry: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const outcome: Outcome | 'not yet' = await through
      .insert(`${key}-${tries}`, Buffer.alloc(0), expiry)
      .catch(() => 'not yet' as const)
    if (outcome === 'won') return true
    await delay(100)
  }
  return false
}
