import { event } from '../../base/log.ts'
import { delay } from '../../base/time.ts'
import type { StoresOptions } from '../backend.ts'
import { provenShelves, shownUrl, unsealed } from '../index.ts'
import { markKey } from '../migrate/mark.ts'
import type { Shelf } from '../store.ts'
import { writeAccepted } from './accepted.ts'
import {
  newTally,
  readTally,
  tallyKey,
  together,
  type Witnessed,
  withSeen,
  writeTally,
} from './tally.ts'
import { witnessesOf } from './witness.ts'

/** Milliseconds until every server that is still there has seen that the store is refused. */
const settle = 2500

/** What stays of the records shelf: what says of its keys what they are, and what it is. */
const stays = /^(?:canary|left-out-key)\//

/**
 * Accepts a store that others keep, which comes from a backup or has lost something. Servers that are still there
 * stop serving it. Unless the records are kept they are deleted, and whatever was issued before this second is void.
 * Cut short it was not accepted, and is run again. @throws Error that says what to do.
 */
export async function acceptShared(
  options: StoresOptions,
  keepRecords: boolean,
  pause = settle,
): Promise<readonly string[]> {
  const shelves = await provenShelves(options)
  const { settings, records } = unsealed(shelves, options)
  try {
    const found = await readTally(records)
    if (found !== undefined) await writeTally(records, { ...found.tally, refused: true }, found)
    await delay(pause)
    const deleted = keepRecords ? 0 : await clear(shelves.records)
    if (!keepRecords) await writeAccepted(settings, options.now())
    const witnesses = witnessesOf(settings, options)
    let witnessed: Witnessed = {}
    for (const each of witnesses) witnessed = together(witnessed, await each.read())
    const old = await readTally(records)
    const tally = newTally(options.random, witnessed, old?.tally)
    if ((await writeTally(records, tally, old)) !== 'won')
      throw new Error('somebody else accepts this store just now: look at what it says')
    for (const each of witnesses) await each.note(withSeen(witnessed, tally))
    const counted = old?.tally.count
    const seen = old && witnessed[old.tally.id]?.count
    const store = shownUrl(options.url)
    event('store.accepted', { kept: keepRecords, store, counted, seen, deleted }, 'warn')
    return told({ store, counted, seen, deleted, keepRecords })
  } finally {
    await Promise.all([shelves.settings.close(), shelves.records.close()])
  }
}

/** Deletes what was issued, however much of it comes meanwhile. */
async function clear(records: Shelf): Promise<number> {
  let deleted = 0
  let cursor: string | undefined
  do {
    const page = await records.walk(500, cursor)
    const keys = page.records.map(({ key }) => key)
    const goes = keys.filter((key) => key !== markKey && key !== tallyKey && !stays.test(key))
    const gone = await Promise.all(goes.map((key) => records.delete(key)))
    deleted += gone.filter(Boolean).length
    cursor = page.cursor
  } while (cursor !== undefined)
  return deleted
}

interface Accepted {
  readonly store: string
  readonly counted: number | undefined
  readonly seen: number | undefined
  readonly deleted: number
  readonly keepRecords: boolean
}

function told({ store, counted, seen, deleted, keepRecords }: Accepted): readonly string[] {
  const there = counted === undefined ? 'it had no tally' : `its tally stood at ${counted}`
  const known = seen === undefined ? 'nothing here tells how far it had come' : `${seen} was seen`
  return [
    `${store}: ${there}, ${known}`,
    keepRecords
      ? 'All records are kept: what was spent after they were saved can be spent again.'
      : `Whatever had been issued is void: ${deleted} records were deleted, and assertions made before now are refused.`,
    'Start the servers on it again: those that ran meanwhile do not serve it.',
  ]
}
