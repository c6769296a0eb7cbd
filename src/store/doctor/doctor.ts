import { reasonOf } from '../../base/log.ts'
import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { Durability, Shelves, StoresOptions } from '../backend.ts'
import { isKeptByOthers, located, rawShelves, shownUrl, storeIsThere } from '../index.ts'
import { StoreUnavailable } from '../store.ts'
import { drops, lostConnections } from './drops.ts'
import type { Finding } from './finding.ts'
import { patient } from './patient.ts'
import { beyond, closed, promises } from './promises.ts'
import { proxyBefore } from './proxy.ts'
import type { Burst, Racer } from './racer.ts'
import { racingProcess } from './racer.ts'
import { raced, type Skewed, skewed, verbs } from './races.ts'
import { cleared, folderOf, type Scratch, scratchOn } from './scratch.ts'
import { slots } from './slots.ts'

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

/**
 * Looks at a store as its servers use it: in folders of keys of its own among the records, which it removes. Servers
 * may run meanwhile. Where nothing was stored yet, nothing is laid out for those who will.
 *
 * @throws Error when the store cannot be opened at all, or nothing can be written there.
 */
export async function examine(examined: Examined): Promise<readonly Finding[]> {
  const { url, random } = examined
  const { backend } = located(url)
  if (!backend.shared) throw new Error('it is kept by one process alone: nobody could race there')
  if (await storeIsThere({ url })) return examinedAt(examined)
  // Files would be laid out here without a key: those must be there.
  if (!isKeptByOthers(url)) throw new Error(`there is no store at ${shownUrl(url)}`)
  const own = backend.beside?.(url, `parapet_doctor_${random(6).toString('hex')}`)
  if (own === undefined) return examinedAt(examined)
  try {
    return await examinedAt({ ...examined, url: own.url })
  } finally {
    await own.remove()
  }
}

type Open = (options?: Partial<StoresOptions>) => Promise<Shelves>

async function examinedAt(examined: Examined): Promise<readonly Finding[]> {
  const { url, now, random } = examined
  // No value is sealed here; a text that seals nothing keeps a store from making or asking for a key.
  const keyText = random(32).toString('hex')
  const given = { url, keyText, now, sweepable: () => 0, random, writer: 'here' } as const
  const opened: Open = async (options) => rawShelves({ ...given, ...options })
  const shelves = await opened()
  const scratch = scratchOn(patient(shelves.records), random(6).toString('hex'), now)
  const racers: Racer[] = []
  try {
    await requireWrites(scratch)
    const started = clocks.map((ahead) => racingProcess({ url, keyText, ahead }))
    const all = await Promise.allSettled(started)
    racers.push(...all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))
    const failed = all.find((each) => each.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    const found = await inTurn(stepsOf(examined, { scratch, racers, opened }))
    return [...found, await cleared(scratch), ...beyond]
  } catch (error) {
    await cleared(scratch)
    throw error
  } finally {
    await Promise.all(racers.map((racer) => racer.end()))
    await closed(shelves)
  }
}

/** Whoever may only read would be told at each try that nothing is known of it. */
async function requireWrites(scratch: Scratch): Promise<void> {
  const { shelf, expiry } = scratch
  try {
    await shelf.insert(`${folderOf(scratch, 0)}/first`, Buffer.alloc(0), expiry)
  } catch (cause) {
    throw new Error(`nothing can be written there: ${reasonOf(cause)}`, { cause })
  }
}

/** One look at something. */
interface Step {
  readonly what: string
  readonly look: () => Promise<readonly Finding[]>
}

interface Tried {
  readonly scratch: Scratch
  readonly racers: readonly Racer[]
  readonly opened: Open
}

function stepsOf(
  { url, durability }: Examined,
  { scratch, racers, opened }: Tried,
): readonly Step[] {
  const off: readonly Skewed[] = racers.map((racer, i) => ({ racer, ahead: clocks[i] ?? 0 }))
  return [
    { what: 'slots', look: () => slots(url, scratch.shelf) },
    ...Object.entries(verbs).map(([verb, what]) => ({
      what,
      look: async () => [await raced(scratch, racers, verb as Burst['verb'])],
    })),
    { what: 'clocks that differ', look: () => skewed(scratch, off) },
    { what: lostConnections, look: () => dropped(scratch, url, opened) },
    { what: 'promises of its settings', look: () => promises(durability, opened) },
  ]
}

/** Takes every step, until the store does not answer any more: then no other step would tell anything. */
async function inTurn(steps: readonly Step[]): Promise<readonly Finding[]> {
  const found: Finding[] = []
  let away = false
  for (const { what, look } of steps) {
    if (away) {
      found.push({ what, outcome: 'unproved', detail: 'not tried, since the store did not answer' })
      continue
    }
    try {
      found.push(...(await look()))
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      away = true
      found.push({ what, outcome: 'refuted', detail: `no answer: ${reasonOf(error)}` })
    }
  }
  return found
}

async function dropped(scratch: Scratch, url: string, opened: Open): Promise<readonly Finding[]> {
  const proxy = await proxyBefore(url)
  const what = 'lost connections'
  if (proxy === undefined)
    return [{ what, outcome: 'unproved', detail: 'there is no single address to stand before' }]
  try {
    const shelves = await opened({ url: proxy.url }).catch(reasonOf)
    if (typeof shelves === 'string')
      return [
        { what, outcome: 'unproved', detail: `not reached by way of this machine: ${shelves}` },
      ]
    try {
      return await drops(scratch, shelves.records, proxy.drop)
    } finally {
      await closed(shelves)
    }
  } finally {
    await proxy.close()
  }
}
