import type { Problem } from '../protocol/problem.ts'
import { problemLine } from '../protocol/problem.ts'
import type { Found } from './found.ts'

/** How many objects of a kind were made, changed, and found as they should be. */
export interface Counts {
  created: number
  changed: number
  same: number
  refused: number
}

/** Something without a counterpart, wherever it was met. */
export interface Missing {
  readonly kind: string
  readonly attribute: string
  readonly why?: string
  count: number
  readonly examples: string[]
}

export interface Refused {
  readonly kind: string
  readonly where: string
  readonly problems: readonly string[]
}

/** What came of an import. */
export interface Report {
  readonly dryRun: boolean
  readonly counts: ReadonlyMap<string, Counts>
  readonly missing: readonly Missing[]
  /** The first of those that were not taken. */
  readonly refused: readonly Refused[]
}

/** What came of one object. */
export type Came = 'created' | 'changed' | 'same'

export interface Tally extends Report {
  note(found: Found, came: Came): void
  refuse(found: Found, problems: readonly Problem[]): void
}

const mostExamples = 3
/** Objects that are told one by one, and different things that are missing. */
const mostRefused = 100
const mostMissing = 1000

/** People are named by where they stand in their file, unless `names` is asked for. */
export function tally(dryRun: boolean, names: boolean): Tally {
  const counts = new Map<string, Counts>()
  const missing = new Map<string, Missing>()
  const refused: Refused[] = []
  const countsFor = (kind: string): Counts => {
    const made = counts.get(kind) ?? { created: 0, changed: 0, same: 0, refused: 0 }
    counts.set(kind, made)
    return made
  }
  return {
    dryRun,
    counts,
    refused,
    get missing() {
      return [...missing.values()]
    },
    note(found, came) {
      if (found.kind !== undefined) countsFor(found.called)[came] += 1
      noteMissing(missing, found, nameOf(found, names))
    },
    refuse(found, problems) {
      countsFor(found.called).refused += 1
      noteMissing(missing, found, nameOf(found, names))
      if (refused.length === mostRefused) return
      const { called, place } = found
      const name = nameOf(found, names)
      const where = name === place ? place : `${name} (${place})`
      refused.push({ kind: called, where, problems: problems.map(problemLine) })
    },
  }
}

function nameOf({ called, id, place, input }: Found, names: boolean): string {
  if (called === 'user' && !names) return place
  return typeof input.username === 'string' ? input.username : id || place
}

function noteMissing(missing: Map<string, Missing>, found: Found, name: string): void {
  for (const { attribute, why } of found.leftovers) {
    const key = JSON.stringify([found.called, attribute, why])
    const one = missing.get(key)
    if (one !== undefined) {
      one.count += 1
      if (one.examples.length < mostExamples) one.examples.push(name)
    } else if (missing.size < mostMissing) {
      const more = why === undefined ? {} : { why }
      missing.set(key, { kind: found.called, attribute, ...more, count: 1, examples: [name] })
    }
  }
}
