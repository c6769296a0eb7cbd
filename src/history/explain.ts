import type { Client } from '../client/client.ts'
import { readRecord } from '../grant/find-record.ts'
import { newRecordKey, storeKey } from '../grant/handle.ts'
import type { AuthorizationRecord } from '../grant/record.ts'
import { isFor } from '../grant/record.ts'
import type { Realm } from '../realm/realm.ts'
import type { Entry, Row } from './entry.ts'
import { type Explanation, explanation } from './explanation.ts'
import { asOfNothing } from './never-made.ts'
import { flushHistory } from './recorder.ts'
import { recordNamed } from './reference.ts'
import { rowsOf } from './rows.ts'
import { founding } from './step.ts'
import { others } from './write.ts'

/** What is asked about: something a client has or had, or a request by its name. */
export type Asked = { readonly token: string } | { readonly request: string }

/** Who asks. */
export interface Asking {
  /** Is shown its own only; undefined: whoever administers the realm. */
  readonly client?: Client | undefined
  /** Whether people are named; a client is never told. */
  readonly people?: boolean
}

/** Records that one request may lead to; requests of one trace share their name. */
const mostRecords = 10

/** Entries that are shown at most, the last ones. */
const mostEntries = 500

/**
 * What became of a push or an authorization. Undefined for what was never made, is somebody else's, or is
 * not known any more: whoever asks cannot tell these apart, nor by the work it is.
 */
export async function explain(
  realm: Realm,
  asked: Asked,
  { client, people = false }: Asking = {},
): Promise<Explanation | undefined> {
  await flushHistory(realm.records)
  const known =
    'request' in asked
      ? await knownOfRequest(realm, asked.request, client)
      : await knownOfRecord(realm, asked.token, client)
  if (known === undefined) return undefined
  const { found, record, owner } = known
  const entries = found.entries.toSorted((a, b) => a.at - b.at)
  const shown = entries.slice(-mostEntries)
  const client_id = record?.client_id ?? owner
  return explanation(
    {
      entries: shown,
      record,
      client_id,
      leftOut: leftOutOf(found, client_id) + found.dropped + entries.length - shown.length,
    },
    realm.now(),
    { people: people && client === undefined, clients: client === undefined },
  )
}

interface Found {
  readonly entries: readonly Entry[]
  readonly leftOut: readonly Row['leftOut'][]
  /** Entries from between the first and the last, which are too many to be shown. */
  readonly dropped: number
}

interface Known {
  readonly found: Found
  readonly record: AuthorizationRecord | undefined
  readonly owner: string | undefined
}

async function knownOfRecord(
  realm: Realm,
  token: string,
  client: Client | undefined,
): Promise<Known | undefined> {
  // What leads nowhere is looked for all the same, under a key that nothing has.
  const key = recordNamed(realm, token) ?? newRecordKey(realm, realm.now())
  const about = storeKey(key)
  const read = await readRecord(realm, key)
  const record = read === 'gone' ? undefined : read.record
  const found = await search(realm, [about], (entry) => entry.about === about)
  if (!isOwn(client, record, found.entries)) return undefined
  if (record === undefined && found.entries.length === 0) return undefined
  return { found, record, owner: founderOf(found.entries)?.client }
}

async function knownOfRequest(
  realm: Realm,
  id: string,
  client: Client | undefined,
): Promise<Known | undefined> {
  const all = await search(
    realm,
    [id],
    (entry) => entry.id === id && (client === undefined || isOf(client, entry)),
  )
  const [first] = all.entries
  if (first === undefined) return undefined
  const named = new Set(all.entries.map(({ about }) => about).filter((about) => about !== ''))
  const abouts = [...named].slice(-mostRecords)
  const around =
    abouts.length === 0 ? none : await search(realm, abouts, ({ about }) => abouts.includes(about))
  const records = new Map<string, AuthorizationRecord | undefined>()
  for (const about of abouts) {
    const read = await readRecord(realm, Buffer.from(about, 'hex'))
    const record = read === 'gone' ? undefined : read.record
    const ofIt = around.entries.filter((entry) => entry.about === about)
    if (isOwn(client, record, ofIt)) records.set(about, record)
  }
  const beside = all.entries.filter(({ about }) => !records.has(about))
  const entries = [
    ...(client === undefined ? beside : beside.map(asOfNothing)),
    ...around.entries.filter(({ about }) => records.has(about)),
  ]
  const found = { ...all, entries, dropped: Math.max(all.dropped, around.dropped) }
  const record = [...records.values()].findLast((each) => each !== undefined)
  return { found, record, owner: first.client === '' ? undefined : first.client }
}

const none: Found = { entries: [], leftOut: [], dropped: 0 }

/** Whether whoever asks may be told of a record, or of what is left of one. */
function isOwn(
  client: Client | undefined,
  record: AuthorizationRecord | undefined,
  entries: readonly Entry[],
): boolean {
  if (client === undefined) return true
  return record === undefined ? isOf(client, founderOf(entries)) : isFor(client, record)
}

function founderOf(entries: readonly Entry[]): Entry | undefined {
  return entries.find(({ steps }) => steps.some((step) => founding.has(step)))
}

function isOf({ client_id, incarnation }: Client, entry: Entry | undefined): boolean {
  return entry !== undefined && entry.client === client_id && entry.incarnation === incarnation
}

/** However many there are, the first (which says whose it is) and the last ones are held. */
async function search(
  realm: Realm,
  names: readonly string[],
  isMeant: (entry: Entry) => boolean,
): Promise<Found> {
  const entries: Entry[] = []
  const leftOut: Row['leftOut'][] = []
  let dropped = 0
  for await (const row of rowsOf(realm, names)) {
    entries.push(...row.entries.filter(isMeant))
    if (entries.length > 3 * mostEntries) dropped += entries.splice(mostEntries, mostEntries).length
    if (Object.keys(row.leftOut).length > 0) leftOut.push(row.leftOut)
  }
  return { entries, leftOut, dropped }
}

/** Of the client, and of nobody known: what that was nobody can say. */
function leftOutOf({ leftOut }: Found, client_id = others): number {
  const names = new Set([client_id, others])
  let sum = 0
  for (const counts of leftOut) for (const name of names) sum += counts[name] ?? 0
  return sum
}
