import { reasonOf } from '../../base/log.ts'
import { slotCount as count, layoutOf, slotOf } from '../redis/layout.ts'
import { type Place, placeOf } from '../redis/place.ts'
import type { Shelf } from '../store.ts'
import type { Finding } from './finding.ts'

/** Slots read at once. */
const batch = 512

/**
 * Reads one key of each slot of a Redis Cluster, where records lie anywhere: a slot that nobody serves is a part of
 * all pushes that fails. Of every other store nothing.
 */
export async function slots(url: string, records: Shelf): Promise<readonly Finding[]> {
  if (!/^rediss?\+cluster:/.test(url)) return []
  const keys = keysOfSlots(placeOf(url))
  const away: string[] = []
  for (let from = 0; from < count; from += batch) {
    const asked = keys.slice(from, from + batch).map(async (key) => records.get(key))
    for (const [i, answer] of (await Promise.allSettled(asked)).entries())
      if (answer.status === 'rejected') away.push(`slot ${from + i}: ${reasonOf(answer.reason)}`)
  }
  const what = 'every slot of the cluster is served'
  return away.length === 0
    ? [{ what, outcome: 'proved', detail: `a key of each of ${count} was asked for` }]
    : [{ what, outcome: 'refuted', detail: `${away.length} of ${count} are not: ${away[0]}` }]
}

/** A key of each slot, by its number; nothing is stored there. */
function keysOfSlots(place: Place): readonly string[] {
  const { of } = layoutOf(place, 'records')
  const keys: string[] = []
  let found = 0
  for (let i = 0; found < count; i += 1) {
    const [key, slot] = [`doctor-${i}`, slotOf(of(`doctor-${i}`))]
    if (keys[slot] === undefined) found += 1
    keys[slot] ??= key
  }
  return keys
}
