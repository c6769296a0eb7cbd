import { hash } from 'node:crypto'
import { hostname } from 'node:os'
import { alarm, event, reasonOf } from '../base/log.ts'
import { readText } from '../base/read-text.ts'
import { type Clock, delay } from '../base/time.ts'
import { correction, type TrustedTime } from '../base/trusted-time.ts'
import { clocksApart } from './clocks/apart.ts'
import { type Listeners, toldOnce } from './clocks/told-once.ts'
import { never, type Store } from './store.ts'

/** A node's time in a shelf, and where an operator says what time it is. */
export interface TimeKeeping {
  /** Writes what the next run compares with, and ends. */
  stop(): Promise<void>
}

/** Looks between two writes, a second apart, and between two looks at what other nodes write. */
const writeAfter = 60
const lookAtOthersAfter = 10

const folder = 'clock'

/** Where a node's times lie: of it alone, since what another's clock says sets nobody's time. */
const keyOf = (node: string): string => `${folder}/${encodeURIComponent(node).slice(0, 200)}`

/**
 * What this node is called where no setting says it: by its host name, and by what tells its system from others of
 * that name (machine-id(5); hashed, since it is nobody else's to know).
 */
export function machineName(machineId = readMachineId()): string {
  return machineId === undefined
    ? hostname()
    : `${hostname()} ${hash('sha256', machineId).slice(0, 16)}`
}

function readMachineId(): string | undefined {
  try {
    return readText('/etc/machine-id', 4096).trim() || undefined
  } catch {
    // Other systems have none, and many containers.
    return undefined
  }
}

const acceptedKey = 'accepted-time'

/** What a node writes: its times, and which operator's word it has heard. */
interface Kept {
  /** How far the server's own time had come, and what was over by both clocks; in seconds. */
  readonly now: number
  readonly past: number
  readonly heard: number
}

/**
 * Goes on from what the last run on this node left in the shelf, looks at the clocks every second for
 * as long as the process runs, and writes once a minute what the next run compares with. Nothing of
 * this happens on the way of a request.
 */
export async function keepTime(
  time: TrustedTime,
  wall: Clock,
  store: Store,
  node = machineName(),
): Promise<TimeKeeping> {
  const ownKey = keyOf(node)
  const kept = await lastKept(store, ownKey)
  if (kept !== undefined) time.resume(kept)
  let heard = kept?.heard ?? (await store.get(acceptedKey))?.version ?? 0
  const lookAtOthers = clocksApart(store, time.now, folder, ownKey)
  let stopped = false
  const write = (): Promise<void> =>
    put(store, ownKey, { ...time.kept(), heard } satisfies Kept).catch(tellNotKept)
  const look = toldOnce(async () => {
    if (!time.doubtful()) return false
    const word = await readAccepted(store)
    if (word === undefined || word.version === heard) return false
    heard = word.version
    // Who hears of it has a clock of its own, and takes no other.
    if (Math.abs(word.time - wall()) > correction) return false
    time.accept()
    return true
  }, noWord)
  const loop = async (): Promise<void> => {
    for (let looks = 0; !stopped; looks += 1) {
      const accepted = await look()
      if (accepted || looks % writeAfter === 0) await write()
      if (looks % lookAtOthersAfter === 0) await lookAtOthers()
      await delay(1000, false)
    }
  }
  void loop()
  return {
    async stop() {
      stopped = true
      await write()
    },
  }
}

/** An operator's word that the wall clock is right, for every server on this store whose own one agrees within an hour. */
export async function acceptTime(store: Store, time: number): Promise<void> {
  await put(store, acceptedKey, { time })
}

/** What is told where an operator's word cannot be read. */
const noWord: Listeners = {
  away: (reason) => event('clock.word_not_read', { reason }, 'warn'),
  broken: (reason) => alarm('clock.word_not_read', { reason }),
}

function tellNotKept(error: unknown): void {
  event('clock.not_kept', { reason: reasonOf(error) }, 'warn')
}

/** Versions before this one went by the host name alone, on stores of one machine. */
async function lastKept(store: Store, ownKey: string): Promise<Kept | undefined> {
  return (await readKept(store, ownKey)) ?? (await readKept(store, keyOf(hostname())))
}

async function readKept(store: Store, key: string): Promise<Kept | undefined> {
  const stored = await store.get(key)
  return stored === undefined ? undefined : (JSON.parse(stored.value.toString()) as Kept)
}

async function readAccepted(
  store: Store,
): Promise<{ readonly time: number; readonly version: number } | undefined> {
  const stored = await store.get(acceptedKey)
  if (stored === undefined) return undefined
  const { time } = JSON.parse(stored.value.toString()) as { readonly time: number }
  return { time, version: stored.version }
}

/** Whoever writes last is right: processes of one node have one wall clock. */
async function put(store: Store, key: string, content: object): Promise<void> {
  const value = Buffer.from(JSON.stringify(content))
  const stored = await store.get(key)
  await (stored === undefined
    ? store.insert(key, value, never)
    : store.replace(key, stored.version, value, never))
}
