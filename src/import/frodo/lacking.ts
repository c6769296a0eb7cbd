import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { nodeKind } from '../../config/journey/node.ts'
import { scriptKind } from '../../config/journey/script.ts'
import { journeyKind } from '../../config/journey/tree.ts'
import { isServedType } from '../../journey/unserved.ts'
import { decodedSource } from '../../realm/script/source.ts'
import type { Found, Leftover } from '../found.ts'
import { entriesOf, membersOf, plainText } from '../found.ts'

/** All that an export has, and of each journey what it lacks here, or one that it runs: of which files they are is all one. */
export function withLacking(found: readonly Found[]): readonly Found[] {
  const has = contentOf(found)
  return found.map((each) => {
    if (each.kind !== journeyKind) return each
    return { ...each, leftovers: [...each.leftovers, ...lackingOf(each, has)] }
  })
}

/** What an export has of journeys; names of different realms are different ones. */
interface Content {
  readonly journeys: ReadonlyMap<string, Found>
  /** By kind and id. */
  readonly nodes: ReadonlyMap<string, Found>
  readonly scripts: ReadonlyMap<string, Found>
}

function contentOf(found: readonly Found[]): Content {
  const of = (kind: Found['kind']): ReadonlyMap<string, Found> =>
    new Map(
      found.filter((each) => each.kind === kind).map((each) => [keyOf(each.realm, each.id), each]),
    )
  return { journeys: of(journeyKind), nodes: of(nodeKind), scripts: of(scriptKind) }
}

function keyOf(realm: string, id: string): string {
  return `${realm} ${id}`
}

/** A node as a journey or a page names it. */
interface Named {
  readonly type: string
  readonly document: JsonObject
}

function lackingOf(journey: Found, has: Content): readonly Leftover[] {
  const { realm, id } = journey
  const seen = new Set([journey])
  const types = new Set<string>()
  const scripts = new Set<string>()
  for (const each of seen)
    for (const { type, document } of nodesOf(each, has)) {
      if (type !== '' && !isServedType(type)) types.add(type)
      const inner = has.journeys.get(keyOf(realm, plainText(member(document, 'tree'))))
      if (inner !== undefined) seen.add(inner)
      const script = runBy.has(type) ? plainText(member(document, 'script')) : ''
      for (const each of script === '' ? [] : missingOf(realm, script, has)) scripts.add(each)
    }
  return [
    ...told(id, 'does not start here, since nobody has nodes of type', types),
    ...told(id, 'runs scripts that are not in what is imported:', scripts),
  ]
}

/** A script that is not there, by its id; else libraries that it or one of them asks for and that are not there, by name. */
function missingOf(realm: string, id: string, { scripts }: Content): readonly string[] {
  const first = scripts.get(keyOf(realm, id))
  if (first === undefined) return [id]
  const libraries = new Map(
    [...scripts.values()]
      .filter((each) => each.realm === realm && member(each.input, 'context') === 'LIBRARY')
      .map((each) => [plainText(member(each.input, 'name')), each]),
  )
  const names = new Set(librariesIn(first))
  for (const name of names) {
    const library = libraries.get(name)
    if (library !== undefined) for (const each of librariesIn(library)) names.add(each)
  }
  return [...names].filter((name) => !libraries.has(name))
}

/** The names that a script gives to `require`, which those of the next generation have. */
function librariesIn({ input }: Found): readonly string[] {
  if (member(input, 'evaluatorVersion') !== '2.0') return []
  const source = decodedSource(member(input, 'script')) ?? ''
  return [...source.matchAll(/\brequire\s*\(\s*(['"])([^'"\\\n]{1,256})\1\s*\)/g)].map(
    ([, , name = '']) => name,
  )
}

/** Kinds of nodes that run a script. */
const runBy: ReadonlySet<string> = new Set(['ScriptedDecisionNode', 'ConfigProviderNode'])

/** The nodes of a journey and those on its pages; of one whose document is not there its kind. */
function nodesOf({ realm, input }: Found, { nodes }: Content): readonly Named[] {
  const named = (type: string, id: string): Named => ({
    type,
    document: nodes.get(keyOf(realm, `${type}/${id}`))?.input ?? {},
  })
  const all = member(input, 'nodes')
  const own = isObject(all) ? membersOf(all).map(([id, node]) => named(nodeTypeOf(node), id)) : []
  const onPages = own.flatMap(({ document }) =>
    entriesOf(member(document, 'nodes')).map((child) => named(nodeTypeOf(child), idOf(child))),
  )
  return [...own, ...onPages]
}

function nodeTypeOf(node: Json): string {
  return isObject(node) ? plainText(member(node, 'nodeType')) : ''
}

function idOf(node: Json): string {
  return isObject(node) ? plainText(member(node, '_id')) : ''
}

function told(journey: string, why: string, all: ReadonlySet<string>): readonly Leftover[] {
  if (all.size === 0) return []
  return [{ attribute: journey, why: `${why} ${[...all].sort().join(', ')}` }]
}
