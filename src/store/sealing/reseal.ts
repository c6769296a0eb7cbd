import type { StoresOptions } from '../backend.ts'
import { provenShelves } from '../index.ts'
import type { VersionedKey } from '../key.ts'
import { subkeys } from '../key.ts'
import { markKey } from '../migrate/mark.ts'
import type { Shelf, Walked } from '../store.ts'
import { leaveOut } from './canary.ts'
import { sealedStore } from './sealed.ts'

/** How many values a version of the key seals. */
export interface KeyUse {
  readonly version: number
  readonly settings: number
  readonly records: number
}

/** Values read at once. */
const batch = 200

/**
 * Seals anew, under the first key, what is sealed under those behind it, and tells what each of them seals
 * then. One that seals nothing any more may be left out of the list from here on. Servers may run meanwhile,
 * all with the same first key.
 */
export async function resealStores(options: StoresOptions): Promise<readonly KeyUse[]> {
  const { settings, records, master } = await provenShelves(options)
  const keys = subkeys(master, 'sealing')
  try {
    for (const shelf of [settings, records]) await reseal(shelf, keys, options)
    const [inSettings, inRecords] = [await usesIn(settings), await usesIn(records)]
    const uses = keys.map(({ version }) => ({
      version,
      settings: inSettings.get(version) ?? 0,
      records: inRecords.get(version) ?? 0,
    }))
    const unused = uses.slice(1).filter((use) => use.settings + use.records === 0)
    for (const { version } of unused)
      for (const shelf of [settings, records]) await leaveOut(shelf, version)
    return uses
  } finally {
    await Promise.all([settings.close(), records.close()])
  }
}

async function reseal(
  shelf: Shelf,
  keys: readonly VersionedKey[],
  { random }: StoresOptions,
): Promise<void> {
  const sealed = sealedStore(shelf, keys, random)
  const [first] = keys
  for await (const page of pagesOf(shelf)) {
    const old = page.filter(({ value }) => value.length > 0 && value[0] !== first?.version)
    await Promise.all(
      old.map(async ({ key, version, expiry }) => {
        const stored = await sealed.get(key)
        // What was written meanwhile is sealed anew, and may end at another time.
        if (stored?.version === version) await sealed.replace(key, version, stored.value, expiry)
      }),
    )
  }
}

async function usesIn(shelf: Shelf): Promise<ReadonlyMap<number, number>> {
  const uses = new Map<number, number>()
  for await (const page of pagesOf(shelf))
    for (const { value } of page)
      if (value[0] !== undefined) uses.set(value[0], (uses.get(value[0]) ?? 0) + 1)
  return uses
}

/** All that is stored but the canaries, which say of every key what it is, and what is not sealed. */
async function* pagesOf(shelf: Shelf): AsyncGenerator<Walked['records']> {
  let cursor: string | undefined
  do {
    const page = await shelf.walk(batch, cursor)
    yield page.records.filter(({ key }) => !key.startsWith('canary/') && key !== markKey)
    cursor = page.cursor
  } while (cursor !== undefined)
}
