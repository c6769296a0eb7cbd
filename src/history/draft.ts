/*
 * Rows while they gather. What is kept of a request is written out at once, as text into memory that is used again: a
 * trace that waited would outlive its request, and collecting ten thousand of those costs more than writing them.
 */
import type { Trace } from '../base/trace.ts'
import { type AroundEntries, entryText, kindText, packRow } from './entry.ts'
import { mostNames, nameHash } from './row-key.ts'

/** A row that is not written yet. */
export interface Draft {
  /** Path of the realm whose requests these are. */
  readonly realm: string
  /** Milliseconds since 1970 of the first entry, and of the last. */
  readonly began: number
  ended: number
  /** What entries have in common, and how many kinds there were before. */
  readonly kinds: Map<string, number>
  /** Entries, as text with commas between them. */
  text: Buffer
  length: number
  /** Hashes of what they name. */
  readonly names: Set<number>
  /** How many there are, by client; an empty name: by none. */
  readonly clients: Map<string, number>
}

/** An entry has two names at most: the request's, and what it is about. */
const namesEach = 2

/** Bytes of entries that a row has. */
const usual = 8 * 1024

/** Memory of rows that were written. */
const spare: Buffer[] = []
const mostSpare = 256

/** A row without entries. */
export function newDraft(realm: string, at: number): Draft {
  const text = spare.pop() ?? Buffer.allocUnsafeSlow(usual * 2)
  const nothing = { kinds: new Map<string, number>(), text, length: 0, names: new Set<number>() }
  return { realm, began: at, ended: at, ...nothing, clients: new Map<string, number>() }
}

/** Adds what is kept of a request; false when the row has no room for one more after it. */
export function addTo(draft: Draft, at: number, trace: Trace): boolean {
  const { kinds, names, clients } = draft
  const { id, about, client = '' } = trace
  const kind = kindText(trace)
  const known = kinds.get(kind)
  if (known === undefined) kinds.set(kind, kinds.size)
  const entry = entryText(at - draft.began, known ?? kinds.size - 1, trace)
  write(draft, draft.length === 0 ? entry : `,${entry}`)
  names.add(nameHash(id))
  if (about !== undefined) names.add(nameHash(about))
  clients.set(client, (clients.get(client) ?? 0) + 1)
  draft.ended = at
  return names.size <= mostNames - namesEach && draft.length < usual
}

function write(draft: Draft, text: string): void {
  // A UTF-16 unit takes three bytes at most.
  const needed = draft.length + text.length * 3
  if (needed > draft.text.length) {
    const larger = Buffer.allocUnsafeSlow(needed * 2)
    draft.text.copy(larger, 0, 0, draft.length)
    draft.text = larger
  }
  draft.length += draft.text.write(text, draft.length)
}

/** The value of the row, after which nothing can be added to it. */
export function finish(draft: Draft, around: Omit<AroundEntries, 'at'>): Buffer {
  const { began, kinds, text, length } = draft
  const entries = text.subarray(0, length)
  const row = packRow({ at: began, ...around }, [...kinds.keys()].join(','), entries)
  if (text.length === usual * 2 && spare.length < mostSpare) spare.push(text)
  draft.text = Buffer.alloc(0)
  return row
}
