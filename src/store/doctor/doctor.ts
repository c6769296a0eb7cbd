import { reasonOf } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { Durability, Shelves } from '../backend.ts'
import { isKeptByOthers, located, rawShelves, shownUrl, storeIsThere } from '../index.ts'
import type { Shelf } from '../store.ts'
import { drops } from './drops.ts'
import type { Finding } from './finding.ts'
import { proxyBefore } from './proxy.ts'
import { type Racer, racingProcess } from './racer.ts'
import { races, skewed, type Ward } from './races.ts'

/** What is looked at. */
export interface Examined {
  readonly url: string
  /** What the servers on it are to ask of it, if anything. */
  readonly durability: Durability | undefined
  readonly now: Clock
  readonly random: Random
}

/** Seconds by which the clock of each racing process is ahead. */
const clocks = [0, 30, -30]

/** Seconds after which what the doctor could not remove goes by itself. */
const lives = 3600

/**
 * Looks at a store as its servers use it: in a folder of keys of its own among the records, which it removes.
 * Servers may run meanwhile. @throws Error when the store cannot be opened at all.
 */
export async function examine(examined: Examined): Promise<readonly Finding[]> {
  const { url, now, random } = examined
  await requireOthers(url)
  // No value is sealed here; a text that seals nothing keeps a store from making or asking for a key.
  const keyText = random(32).toString('hex')
  const opened = (options: Partial<Parameters<typeof rawShelves>[0]> = {}): Promise<Shelves> =>
    Promise.resolve(
      rawShelves({ url, keyText, now, sweepable: () => 0, random, writer: 'here', ...options }),
    )
  const shelves = await opened()
  const folder = `doctor/${random(6).toString('hex')}`
  const ward: Ward = { folder, expiry: now() + lives, shelf: shelves.records, now }
  const racers: Racer[] = []
  try {
    for (const ahead of clocks) racers.push(await racingProcess({ url, keyText, ahead }))
    return [
      ...(await races(ward, racers)),
      ...(await skewed(
        ward,
        racers.map((racer, i) => ({ racer, ahead: clocks[i] ?? 0 })),
      )),
      ...(await dropped(ward, url, opened)),
      ...(await promised(examined, opened)),
      ...beyond,
    ]
  } finally {
    await Promise.all(racers.map((racer) => racer.end()))
    await clear(shelves.records, folder)
    await closed(shelves)
  }
}

/** Files would be laid out here without a key: those must be there. What others keep may be empty yet. */
async function requireOthers(url: string): Promise<void> {
  const { backend } = located(url)
  if (!backend.shared) throw new Error('it is kept by one process alone: nobody could race there')
  if (!isKeptByOthers(url) && !(await storeIsThere({ url })))
    throw new Error(`there is no store at ${shownUrl(url)}`)
}

type Open = (options?: Partial<Parameters<typeof rawShelves>[0]>) => Promise<Shelves>

async function dropped(ward: Ward, url: string, opened: Open): Promise<readonly Finding[]> {
  const proxy = await proxyBefore(url)
  const what = 'lost connections'
  if (proxy === undefined)
    return [{ what, outcome: 'unproved', detail: 'there is no single address to stand before' }]
  try {
    const shelves = await opened({ url: proxy.url })
    try {
      return await drops(ward, shelves.records, proxy.drop)
    } finally {
      await closed(shelves)
    }
  } catch (error) {
    return [
      {
        what,
        outcome: 'unproved',
        detail: `not reached by way of this machine: ${reasonOf(error)}`,
      },
    ]
  } finally {
    await proxy.close()
  }
}

const outlived: Readonly<Record<Durability, string>> = {
  disk: 'what is answered outlives a loss of power, by the settings of the store (disk)',
  replica:
    'what is answered outlives the loss of its machine, by the settings of the store (replica)',
}

/** Opens it as a server does that asks for a durability: a store that is not set so refuses. */
async function promised({ durability }: Examined, opened: Open): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const asked of ['disk', 'replica'] as const) {
    const what = outlived[asked]
    try {
      await closed(await opened({ durability: asked }))
      found.push({
        what,
        outcome: 'seen',
        detail: `a server with PARAPET_DURABILITY=${asked} is served by it`,
      })
    } catch (error) {
      const outcome = durability === asked ? 'refuted' : 'unproved'
      found.push({ what, outcome, detail: reasonOf(error) })
    }
  }
  return found
}

/** What only somebody can show who pulls a plug. */
const beyond: readonly Finding[] = [
  {
    ...{ what: 'loss of power', outcome: 'unproved' },
    detail: 'that disks keep what they say they have written shows only pulling the plug',
  },
  {
    ...{ what: 'failover', outcome: 'unproved' },
    detail:
      'what is lost and how long it takes shows only one that is made, with servers under load',
  },
]

/** The marks of a folder are in it too. */
async function clear(shelf: Shelf, folder: string): Promise<void> {
  for (;;) {
    const { keys } = await shelf.list(folder, 500)
    if (keys.length === 0) return
    await Promise.all(keys.map((key) => shelf.delete(key)))
  }
}

async function closed({ settings, records }: Shelves): Promise<void> {
  await Promise.all([settings.close(), records.close()])
}
