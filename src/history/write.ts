import { event, reasonOf } from '../base/log.ts'
import type { Trace } from '../base/trace.ts'
import { findClient } from '../client/client.ts'
import type { Realm } from '../realm/realm.ts'
import type { Realms } from '../realm/realms.ts'
import type { Store } from '../store/store.ts'
import { type Draft, finish, newDraft } from './draft.ts'
import type { LeftOut } from './entry.ts'
import { rowKey } from './row-key.ts'

/** Whose requests are kept, and where. */
export interface Recorded {
  readonly records: Store
  readonly realms: Realms
  readonly random: (bytes: number) => Buffer
}

/** Seconds that a row is kept. */
export const keptFor = 86_400

/** Clients told apart in what was left out of a realm. */
const mostNamed = 1000

/** What does not belong to a client, or to one too many. */
export const others = '*'

/** What could not be kept, counted. */
export interface Losses {
  /** Realms of which there is something to tell. */
  realms(): readonly string[]
  lose(trace: Trace): void
  loseAll(draft: Draft): void
  /** What was left out of a realm since it was last asked, by client. */
  takeLeftOut(realm: string): LeftOut
  /** It could not be told. */
  giveBack(realm: string, leftOut: LeftOut): void
}

export function newLosses(): Losses {
  const leftOut = new Map<string, Map<string, number>>()
  const count = (path: string, name: string, times: number): void => {
    const counts = leftOut.get(path) ?? new Map<string, number>()
    leftOut.set(path, counts)
    const counted = counts.has(name) || counts.size < mostNamed ? name : others
    counts.set(counted, (counts.get(counted) ?? 0) + times)
  }
  return {
    realms: () => [...leftOut.keys()],
    lose: ({ realm, client = others }) => count(realm, client, 1),
    loseAll({ realm, clients }) {
      for (const [name, times] of clients) count(realm, name || others, times)
    },
    takeLeftOut(path) {
      const counts = leftOut.get(path)
      leftOut.delete(path)
      return counts === undefined ? {} : Object.fromEntries(counts)
    },
    giveBack(path, lost) {
      for (const [name, times] of Object.entries(lost)) count(path, name, times)
    },
  }
}

/** One realm after the other; what cannot be written is counted, and nothing else suffers. */
export async function writeEntries(
  recorded: Recorded,
  losses: Losses,
  batch: readonly Draft[],
  leftOutOf: readonly string[],
): Promise<void> {
  const byRealm = Map.groupBy(batch, ({ realm }) => realm)
  for (const path of new Set([...byRealm.keys(), ...leftOutOf])) {
    const ofRealm = byRealm.get(path) ?? []
    const leftOut = leftOutOf.includes(path) ? losses.takeLeftOut(path) : {}
    try {
      const realm = await recorded.realms.find({ path, url: '', issuer: '' })
      // A realm that is gone has nobody who might ask.
      if (realm !== undefined) await writeRows(recorded, realm, ofRealm, leftOut)
    } catch (error) {
      losses.giveBack(path, leftOut)
      for (const draft of ofRealm) losses.loseAll(draft)
      const fields = { realm: path, rows: ofRealm.length, reason: reasonOf(error) }
      event('history.not_written', fields, 'warn')
    }
  }
}

/** Counts this process's rows. */
let written = 0

async function writeRows(
  recorded: Recorded,
  realm: Realm,
  drafts: readonly Draft[],
  leftOut: LeftOut,
): Promise<void> {
  const at = realm.timeOfDay() * 1000
  const rows = drafts.length > 0 ? drafts : [newDraft(realm.path, at)]
  const clients = await incarnationsOf(realm, rows)
  await Promise.all(
    rows.map((row, i) => writeRow(recorded, realm, row, clients, i === 0 ? leftOut : {})),
  )
}

async function writeRow(
  { records, random }: Recorded,
  realm: Realm,
  draft: Draft,
  clients: Readonly<Record<string, string>>,
  leftOut: LeftOut,
): Promise<void> {
  // Rows of one moment lie in the order in which they were written.
  written = (written + 1) % 65_536
  const tail = written.toString(16).padStart(4, '0') + random(2).toString('hex')
  const key = rowKey(realm, draft.ended, tail, draft.names, Object.keys(leftOut).length > 0)
  const row = finish(draft, { clients, leftOut })
  await records.insert(key, row, realm.timeOfDay() + keptFor, undefined, 'behind')
}

/** Which clients these are now: one that is made again under the same id is told nothing of them (C-37). */
async function incarnationsOf(
  realm: Realm,
  drafts: readonly Draft[],
): Promise<Readonly<Record<string, string>>> {
  const incarnations = new Map<string, string>()
  for (const client_id of new Set(drafts.flatMap(({ clients }) => [...clients.keys()]))) {
    const client = client_id === '' ? undefined : await findClient(realm, client_id)
    if (client !== undefined) incarnations.set(client.client_id, client.incarnation)
  }
  return Object.fromEntries(incarnations)
}
