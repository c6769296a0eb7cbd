import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import { realmOfQuery } from '../../realm/locate.ts'
import type { Kind } from '../kind.ts'
import { realmSchema } from '../realm/input.ts'
import { meant, nearest } from './nearest.ts'
import type { Part } from './text.ts'

/** Where something stands: the file it was read from, and the path in there. */
export interface Place {
  readonly file: string
  readonly path: string
}

/** One object as a document names it. */
export interface Entry {
  readonly kind: Kind
  readonly id: string
  readonly input: JsonObject
  readonly place: Place
}

/** What a document says of one realm, wherever it does. */
export interface RealmEntry {
  readonly path: string
  readonly place: Place
  /** What the realm itself is to be, without its path and its objects. */
  readonly own: JsonObject
  readonly entries: readonly Entry[]
  /** The kinds it lists, with objects or without. */
  readonly listed: ReadonlySet<Kind>
}

export interface EntriesRead {
  /** Parents before those below them. */
  readonly realms: readonly RealmEntry[]
  readonly problems: readonly (Problem & Place)[]
}

/** What of a realm stands beside the objects in it; its path says the rest. */
const ownMembers: readonly string[] = Object.keys(realmSchema.properties ?? {}).filter(
  (name) => name !== 'name' && name !== 'parentPath',
)

/** Members of a document that are no server's settings. */
const ofDocument: readonly string[] = ['realms', 'sealed', '$schema']

interface Reading {
  readonly kinds: readonly Kind[]
  readonly realms: Map<string, RealmEntry>
  readonly refuse: (place: Place, text: string) => void
  /** Objects named so far, to find one that is named twice. */
  readonly seen: Set<string>
}

/**
 * Reads what parts of a document say, by the rows there are. `beside`: members that may stand beside
 * `realms` and are somebody else's to read.
 */
export function readEntries(
  kinds: readonly Kind[],
  parts: readonly Part[],
  beside: readonly string[],
): EntriesRead {
  const problems: (Problem & Place)[] = []
  const reading: Reading = {
    kinds: kinds.filter(({ member: name }) => name !== undefined && name !== 'realms'),
    realms: new Map(),
    refuse: (place, text) => void problems.push({ ...place, text }),
    seen: new Set(),
  }
  for (const { file, document } of parts) {
    for (const name of Object.keys(document))
      if (!ofDocument.includes(name) && !beside.includes(name))
        reading.refuse({ file, path: name }, 'is no member of a document, which holds realms')
    const realms = member(document, 'realms')
    if (realms === undefined) continue
    if (!Array.isArray(realms)) reading.refuse({ file, path: 'realms' }, 'must be a list of realms')
    else
      realms.forEach((each: Json, i) => {
        readRealm(reading, each, { file, path: `realms[${i}]` })
      })
  }
  const depth = ({ path }: RealmEntry): number => (path === '/' ? 0 : path.split('/').length)
  const sorted = [...reading.realms.values()].sort((a, b) => depth(a) - depth(b))
  return { realms: sorted, problems }
}

function readRealm(reading: Reading, value: Json, place: Place): void {
  const { refuse, realms, kinds } = reading
  const path = isObject(value) ? member(value, 'path') : undefined
  const known = typeof path === 'string' && path.startsWith('/') ? realmOfQuery(path) : undefined
  if (!isObject(value) || known === undefined) {
    refuse(inside(place, 'path'), 'must be the path of a realm, such as / or /alpha')
    return
  }
  const before = realms.get(known)
  const own: Record<string, Json> = { ...before?.own }
  const entries = [...(before?.entries ?? [])]
  const listed = new Set(before?.listed)
  for (const [name, content] of Object.entries(value)) {
    if (name === 'path') continue
    const kind = kinds.find((each) => each.member === name)
    if (ownMembers.includes(name)) {
      if (Object.hasOwn(own, name)) refuse(inside(place, name), 'is said a second time')
      own[name] = content
    } else if (kind === undefined) {
      const members = [...ownMembers, ...kinds.map((each) => each.member ?? '')]
      const close = nearest(name, members)
      const help = close === undefined ? `, which may have ${members.join(', ')}` : meant(close)
      refuse(inside(place, name), `is no member of a realm${help}`)
    } else {
      listed.add(kind)
      entries.push(...readObjects(reading, known, kind, content, inside(place, name)))
    }
  }
  realms.set(known, { path: known, place: before?.place ?? place, own, entries, listed })
}

function readObjects(
  { refuse, seen }: Reading,
  realm: string,
  kind: Kind,
  content: Json,
  place: Place,
): readonly Entry[] {
  const list = kind.single ? [content] : content
  if (!Array.isArray(list)) {
    refuse(place, 'must be a list')
    return []
  }
  return list.flatMap((input: Json, i): readonly Entry[] => {
    const at = kind.single ? place : { ...place, path: `${place.path}[${i}]` }
    const id = isObject(input) ? idOf(kind, input) : undefined
    if (!isObject(input)) refuse(at, 'must be an object')
    else if (id === undefined)
      refuse(inside(at, kind.named ?? '_id'), 'must name the object: a text that is not empty')
    else if (seen.has(`${realm} ${kind.name} ${id}`))
      refuse(at, `is the second ${kind.name} ${id} of ${realm}`.replace('  ', ' '))
    else {
      seen.add(`${realm} ${kind.name} ${id}`)
      const { _id, _rev, ...rest } = input
      return [{ kind, id, input: rest, place: at }]
    }
    return []
  })
}

function idOf(kind: Kind, input: JsonObject): string | undefined {
  if (kind.single) return ''
  const id =
    member(input, '_id') ?? (kind.named === undefined ? undefined : member(input, kind.named))
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** A place within a place. */
function inside({ file, path }: Place, name: string): Place {
  return { file, path: `${path}.${name}` }
}
