import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import { unwrap } from '../../protocol/setting.ts'
import { isSecretName } from '../difference.ts'
import type { Obstacle, Removed, Saved } from '../kind.ts'
import type { Entry, Place } from './entries.ts'
import { meant, nearest } from './nearest.ts'

/** One thing that is wrong with a document. */
export interface DocumentProblem extends Problem, Place {
  /** What stands there, unless it is a secret or too much to be told. */
  readonly value?: Json
}

/** Most characters of a value that is told. */
const longest = 200

/** The same in one line, as a person reads it. */
export function documentProblemLine({ file, path, text, value }: DocumentProblem): string {
  const where = [file, path].filter((part) => part !== '').join(': ')
  const is = value === undefined ? '' : ` (it is ${JSON.stringify(value)})`
  return `${where}${where === '' ? '' : ': '}${text}${is}`
}

/** A problem within an object, with the value that stands there. */
export function problemIn({ input, place }: Entry, { path, text }: Problem): DocumentProblem {
  const inside = path === '' || path.startsWith('[') ? path : `.${path}`
  const value = isSecretName(path) ? undefined : shown(valueAt(input, path))
  return {
    ...{ file: place.file, path: `${place.path}${inside}`.replace(/^\./, ''), text },
    ...(value === undefined ? {} : { value }),
  }
}

/** An object without what stands at some paths. */
export function without(input: JsonObject, paths: readonly string[]): JsonObject {
  const walk = (value: JsonObject, within: string): JsonObject =>
    Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => {
        const path = `${within}${name}`
        if (paths.includes(path)) return []
        return [[name, isObject(inner) ? walk(inner, `${path}.`) : inner]]
      }),
    )
  return walk(input, '')
}

const obstacles: Readonly<Record<Obstacle, string>> = {
  exists: 'is there already',
  stale: 'was changed by somebody else meanwhile',
  absent: 'is not there any more',
}

/** Why a write did not come about; nothing where it did. */
export function problemsOf(entry: Entry, saved: Saved | Removed): readonly DocumentProblem[] {
  if (saved.outcome === 'invalid') return saved.problems.map((problem) => problemIn(entry, problem))
  if (saved.outcome === 'unknown')
    return saved.paths.map((path) => problemIn(entry, unknown(entry, path, saved.known)))
  if (saved.outcome === 'refused') return [problemIn(entry, saved.problem)]
  if (saved.outcome === 'forbidden') return [problemIn(entry, saved.problem)]
  const done = ['created', 'updated', 'removed'].includes(saved.outcome)
  return done ? [] : [problemIn(entry, { path: '', text: obstacles[saved.outcome as Obstacle] })]
}

const elsewhere = ' in this place: the attribute of that name stands in a section'

function unknown({ kind }: Entry, path: string, known: readonly string[]): Problem {
  const name = path.slice(path.lastIndexOf('.') + 1)
  const close = nearest(name, known)
  const guess = close === undefined ? '' : close === name ? elsewhere : meant(close)
  return { path, text: `is no attribute of a ${kind.name}${guess}` }
}

/** What a path of members and places leads to; undefined where it leads nowhere. */
function valueAt(input: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = input
  for (const [, name, place] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    const inner: Json | undefined = unwrap(value)
    if (name !== undefined) value = isObject(inner) ? member(inner, name) : undefined
    else value = Array.isArray(inner) ? (inner as readonly Json[])[Number(place)] : undefined
  }
  return path === '' ? undefined : value
}

function shown(value: Json | undefined): Json | undefined {
  if (value === undefined || JSON.stringify(value).length > longest) return undefined
  return value
}
