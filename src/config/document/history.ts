import { hash } from 'node:crypto'
import type { Json } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Store } from '../../store/store.ts'
import { update } from '../../store/update.ts'
import type { References } from './reference.ts'
import { resolved } from './reference.ts'
import type { Part } from './text.ts'

const key = 'document/history'

/** How many documents are remembered; the one superseded first is forgotten first. */
const longest = 100

/** A document that servers were started with. */
interface Known {
  readonly digest: string
  /** Seconds: when a server first set what it says. */
  readonly since: number
}

/**
 * Tells documents apart: by what they say of realms, whatever their settings for one server, and with what
 * their references lead to, since another secret is another document. The store seals what is kept of it.
 */
export function digestOf(parts: readonly Part[], references: References): string {
  const realms = parts.map(({ document }) => [
    member(document, 'realms') ?? null,
    member(document, 'sealed') ?? null,
  ])
  return hash('sha256', JSON.stringify(inOrder(resolved(realms, references).value)), 'base64url')
}

/** Of one form, in whichever order names were written. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(inOrder)
  if (!isObject(value)) return value
  const names = Object.keys(value).sort()
  return names.map((name) => [name, inOrder(member(value, name) ?? null)])
}

/** What was known before a document was made the newest. */
export type Standing =
  | { readonly standing: 'newest' | 'new' }
  /** Another one took its place, at that second. */
  | { readonly standing: 'superseded'; readonly since: number }

/**
 * Where a document stands among those that servers were started with. One that was never seen becomes the
 * newest. One that another has superseded stays so: it is an old server that starts once more.
 */
export async function noteStart(store: Store, digest: string, now: number): Promise<Standing> {
  let found: Standing = { standing: 'new' }
  await update(store, key, 'the list of documents', (stored) => {
    const known = read(stored?.value)
    const place = known.findIndex((each) => each.digest === digest)
    const next = known[place + 1]
    found = { standing: place < 0 ? 'new' : 'newest' }
    if (place >= 0 && next !== undefined) found = { standing: 'superseded', since: next.since }
    return place < 0 ? written([...known, { digest, since: now }]) : undefined
  })
  return found
}

/** Makes a document that is known the newest again: somebody went back to it by hand. */
export async function noteReturn(store: Store, digest: string, now: number): Promise<void> {
  await update(store, key, 'the list of documents', (stored) => {
    const known = read(stored?.value)
    const others = known.filter((each) => each.digest !== digest)
    const isOld = others.length < known.length && known.at(-1)?.digest !== digest
    return isOld ? written([...others, { digest, since: now }]) : undefined
  })
}

function read(value: Buffer | undefined): readonly Known[] {
  return value === undefined ? [] : (JSON.parse(value.toString()) as readonly Known[])
}

function written(known: readonly Known[]): Buffer {
  return Buffer.from(JSON.stringify(known.slice(-longest)))
}
