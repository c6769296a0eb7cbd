/**
 * history/breaches: which clients' requests break what is only watched (C-31), how often and since when. Counted from
 * what requests tell of themselves, for each client in a record of its own, which processes add to.
 */
import { createHash } from 'node:crypto'
import type { Realm } from '../../realm/realm.ts'

/** One requirement that requests of a client broke in one way. */
export interface BreachCount {
  readonly requirement: string
  /** Name of the row of reasons; empty: none. */
  readonly why: string
  readonly count: number
  /** Seconds since 1970. */
  readonly first: number
  readonly last: number
  /** Of the last one: its endpoint, and its name. */
  readonly endpoint: string
  readonly request: string
}

/** What is kept of a client. */
export interface ClientBreaches {
  readonly client_id: string
  /** Which client of that id it is (C-37). */
  readonly incarnation: string
  readonly breaches: readonly BreachCount[]
}

/** Seconds that a count is kept after its last request. */
export const countKeptFor = 30 * 86_400

/** Where the counts of a realm lie, in the records shelf: `breaches/<realm>/<client>`. */
export function countFolder({ identity }: Pick<Realm, 'identity'>): string {
  return `breaches/${digest(identity)}`
}

export function countKey(realm: Pick<Realm, 'identity'>, client_id: string): string {
  return `${countFolder(realm)}/${digest(client_id)}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

/** Counts of the same requirement and reason become one; what ended before `since` is left out. */
export function summed(
  all: readonly BreachCount[],
  since = Number.NEGATIVE_INFINITY,
): readonly BreachCount[] {
  const sums = new Map<string, BreachCount>()
  for (const one of all) {
    if (one.last < since) continue
    const name = `${one.requirement} ${one.why}`
    const before = sums.get(name)
    sums.set(name, before === undefined ? one : together(before, one))
  }
  return [...sums.values()]
}

function together(a: BreachCount, b: BreachCount): BreachCount {
  const later = b.last >= a.last ? b : a
  return { ...later, count: a.count + b.count, first: Math.min(a.first, b.first) }
}

/** As it is stored. */
export function packCounts(counts: ClientBreaches): Buffer {
  return Buffer.from(JSON.stringify(counts))
}

export function readCounts(value: Buffer): ClientBreaches {
  return JSON.parse(value.toString()) as ClientBreaches
}
