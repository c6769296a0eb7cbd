import { isoTime } from '../../base/time.ts'
import { findClient } from '../../client/client.ts'
import { termsOf } from '../../client/terms.ts'
import { reasons } from '../../protocol/reason/index.ts'
import type { Reason } from '../../protocol/reason/reason.ts'
import type { Realm } from '../../realm/realm.ts'
import { keysIn } from '../../store/keys-in.ts'
import type { BreachCount, ClientBreaches } from './count.ts'
import { countFolder, countKeptFor, countKey, readCounts, summed } from './count.ts'
import { flushBreaches } from './counter.ts'

/** Requests of one client that would be refused for one rule. */
export interface Compliance {
  readonly client_id: string
  readonly requirement: string
  /** Name of the rule, what it says and where it is from; null: a later version's. */
  readonly why: string
  readonly says: string | null
  readonly section: string | null
  readonly count: number
  readonly first: string
  readonly last: string
  /** Of the last one: its endpoint, and its name. */
  readonly endpoint: string
  readonly request: string
  /** Whether the requirement is still watched for the client; else it is enforced by now, or nobody’s. */
  readonly watched: boolean
}

/** Clients shown at most. */
const mostShown = 1000

/** What is listed of a realm. */
export interface Listed {
  readonly entries: readonly Compliance[]
  /** Whether there are more clients than are shown. */
  readonly more: boolean
}

/** Which clients' requests would be refused, by which rule, how often, since when: of all, or of one. */
export async function compliance(realm: Realm, client_id?: string): Promise<Listed> {
  await flushBreaches(realm.records)
  const keys = client_id === undefined ? await keysOf(realm) : [countKey(realm, client_id)]
  const entries: Compliance[] = []
  for (const key of keys.slice(0, mostShown)) {
    const stored = await realm.records.get(key)
    if (stored !== undefined) entries.push(...(await entriesOf(realm, readCounts(stored.value))))
  }
  return { entries: entries.sort(byClient), more: keys.length > mostShown }
}

/** Forgets what was counted of all clients, or of one; tells of how many there was something. */
export async function forgetBreaches(realm: Realm, client_id?: string): Promise<number> {
  await flushBreaches(realm.records)
  const keys = client_id === undefined ? await keysOf(realm) : [countKey(realm, client_id)]
  let forgotten = 0
  for (const key of keys) if (await realm.records.delete(key)) forgotten += 1
  return forgotten
}

async function keysOf(realm: Realm): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const key of keysIn(realm.records, countFolder(realm))) keys.push(key)
  return keys
}

/** Nothing of a client that is gone, or was made anew under its id. */
async function entriesOf(
  realm: Realm,
  { client_id, incarnation, breaches }: ClientBreaches,
): Promise<readonly Compliance[]> {
  const client = await findClient(realm, client_id)
  if (client === undefined || client.incarnation !== incarnation) return []
  const { watching } = termsOf(realm, client)
  const since = realm.timeOfDay() - countKeptFor
  return summed(breaches, since).map((one) => ({
    client_id,
    ...ruleOf(one),
    watched: watching.some((name) => name === one.requirement),
  }))
}

function ruleOf({ requirement, why, count, first, last, endpoint, request }: BreachCount) {
  const rows: Readonly<Record<string, Reason>> = reasons
  const { says = null, section = null } = Object.hasOwn(rows, why) ? (rows[why] as Reason) : {}
  const times = { count, first: isoTime(first), last: isoTime(last) }
  return { requirement, why, says, section, ...times, endpoint, request }
}

function byClient(a: Compliance, b: Compliance): number {
  const [one, other] = [a, b].map(({ client_id, requirement }) => `${client_id}\n${requirement}`)
  return String(one) < String(other) ? -1 : 1
}
