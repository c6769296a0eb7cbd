import { hash } from 'node:crypto'
import { type Clock, nextTurn } from '../../base/time.ts'
import type { Shelf, Walked } from '../store.ts'
import { markKey } from './mark.ts'

type WalkedRecord = Walked['records'][number]

/** Records read at once. */
const batch = 500

/** Records of which prints are held at once: some hundred megabytes. What is more is compared in parts, one after another. */
const mostPrints = 2_000_000

/** Seconds within which one store may have deleted already what the other one still has. */
const aboutToEnd = 2

/**
 * Of what a shelf holds, by a print of the key: one of key, value and expiry. Of a hundred million keys one or two pairs
 * have the same print: what comes second stands in `more`.
 */
interface Prints {
  readonly first: ReadonlyMap<number, number>
  readonly more: ReadonlyMap<number, readonly number[]>
}

/** Every record of a shelf but the mark, page by page. */
async function* pagesOf(shelf: Shelf): AsyncGenerator<readonly WalkedRecord[], void> {
  let cursor: string | undefined
  do {
    const page = await shelf.walk(batch, cursor)
    yield page.records.filter(({ key }) => key !== markKey)
    // A store in this process answers at once: others are to have their turn.
    await nextTurn()
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** How many records there are, some of them counted twice where a walk meets them twice. */
export async function countOf(shelf: Shelf): Promise<number> {
  let count = 0
  for await (const page of pagesOf(shelf)) count += page.length
  return count
}

/** What is compared, and how. */
export interface Comparison {
  /** Records that one shelf has and the other has not the same: with this value and this end. */
  readonly of: Shelf
  readonly against: Shelf
  /** About how many there are. */
  readonly count: number
  readonly now: Clock
  /** Told how many more were looked at. */
  readonly looked: (count: number) => void
}

/**
 * Compares two shelves, however each walks: one is read for prints of its records, then the other, of which
 * each page is given with what is not the same there. A record met twice is given twice. What is about to
 * end is the same as what has ended.
 */
export async function* differences({
  of,
  against,
  count,
  now,
  looked,
}: Comparison): AsyncGenerator<readonly WalkedRecord[], void> {
  const parts = Math.max(1, Math.ceil(count / mostPrints))
  for (let part = 0; part < parts; part += 1) {
    const isOf = (key: number): boolean => key % parts === part
    const prints = await printsOf(against, isOf)
    for await (const page of pagesOf(of)) {
      const printed = page
        .map((record) => ({ record, key: print(record.key) }))
        .filter(({ key }) => isOf(key))
      looked(printed.length)
      const other = printed.filter(({ record, key }) => !isIn(prints, key, printOf(record)))
      yield other.map(({ record }) => record).filter(({ expiry }) => expiry > now() + aboutToEnd)
    }
  }
}

async function printsOf(shelf: Shelf, isOf: (key: number) => boolean): Promise<Prints> {
  const first = new Map<number, number>()
  const more = new Map<number, number[]>()
  for await (const page of pagesOf(shelf))
    for (const record of page) {
      const key = print(record.key)
      if (!isOf(key)) continue
      const own = printOf(record)
      const known = first.get(key)
      if (known === undefined) first.set(key, own)
      else if (known !== own) more.set(key, [...(more.get(key) ?? []), own])
    }
  return { first, more }
}

function isIn({ first, more }: Prints, key: number, own: number): boolean {
  return first.get(key) === own || more.get(key)?.includes(own) === true
}

/** Versions are each store's own. */
function printOf({ key, value, expiry }: WalkedRecord): number {
  return print(`${key}\n${expiry}\n${value.toString('latin1')}`)
}

/** 52 bits of SHA-256. */
function print(text: string): number {
  return Number.parseInt(hash('sha256', text).slice(0, 13), 16)
}
