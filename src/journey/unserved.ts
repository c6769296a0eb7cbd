import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { event } from '../base/log.ts'
import type { Realm } from '../realm/realm.ts'
import type { Surroundings } from '../realm/script/placeholder.ts'
import { filled, openPlaceholders } from '../realm/script/placeholder.ts'
import { takenCookie } from './cookie/taken.ts'
import { filledNodeDocument, findTree, readNodeDocument } from './find.ts'
import { nodeTypes } from './node-types.ts'
import type { Tree } from './tree.ts'

/** Whether there is a row for nodes of that kind. */
export function isServedType(type: string): boolean {
  return Object.hasOwn(nodeTypes, type)
}

/** A node that stands in another one or in a journey. */
interface Named {
  readonly type: string
  readonly id: string
}

/**
 * What a journey needs and there is not: kinds of nodes, and values of what its nodes name in their environment; and cookies
 * that they would set although these mean something else here.
 */
export interface Lacking {
  readonly types: readonly string[]
  readonly values: readonly string[]
  readonly cookies: readonly string[]
}

/**
 * What a journey lacks, each once, in order: of its own nodes, of those on its pages, and of the journeys that it runs.
 * Each journey is looked at once, so that a circle ends.
 */
export async function lackingOf(realm: Realm, tree: Tree): Promise<Lacking> {
  const types = new Set<string>()
  const values = new Set<string>()
  const cookies = new Set<string>()
  const seen = new Set([tree.name])
  const trees = [tree]
  for (let next = trees.pop(); next !== undefined; next = trees.pop())
    for (const node of next.nodes.values()) {
      const cookie = await takenCookie(realm, node)
      if (cookie !== undefined) cookies.add(cookie)
      const { children, journey } = await insideOf(realm, node)
      for (const { type, id } of [node, ...children]) {
        const document = (await readNodeDocument(realm, type, id)) ?? {}
        for (const each of workOf(type, filled(realm, document)))
          if (!isServedType(each)) types.add(each)
        for (const name of openPlaceholders(realm, document)) values.add(name)
      }
      if (journey === undefined || seen.has(journey)) continue
      seen.add(journey)
      const inner = await findTree(realm, journey)
      if (inner !== undefined) trees.push(inner.tree)
    }
  return { types: [...types].sort(), values: [...values].sort(), cookies: [...cookies].sort() }
}

/** The kinds alone. */
export async function unservedTypes(realm: Realm, tree: Tree): Promise<readonly string[]> {
  return (await lackingOf(realm, tree)).types
}

/** The same in words; undefined: nothing is lacking. */
export function lackingTold({ types, values, cookies }: Lacking): string | undefined {
  const told = [
    ...(types.length === 0 ? [] : [`this server has no nodes of type ${types.join(', ')}`]),
    ...(values.length === 0
      ? []
      : [`there is no value for ${values.join(', ')} among the script values of this realm`]),
    ...(cookies.length === 0
      ? []
      : [`it sets cookies that are this server’s own or another realm’s: ${cookies.join(', ')}`]),
  ]
  return told.length === 0 ? undefined : told.join(', and ')
}

/** The kinds whose work a node does: its own, and that which a script makes the settings of. */
function workOf(type: string, document: JsonObject): readonly string[] {
  const named = type === 'ConfigProviderNode' ? member(document, 'nodeType') : undefined
  return typeof named === 'string' ? [type, named] : [type]
}

/** What stands in a node: other nodes, where it is a page, or a journey. */
export async function insideOf(
  realm: Pick<Realm, 'settings'> & Surroundings,
  { type, id }: Named,
): Promise<{ readonly children: readonly Named[]; readonly journey?: string }> {
  if (type !== 'PageNode' && type !== 'InnerTreeEvaluatorNode') return { children: [] }
  const document = await filledNodeDocument(realm, type, id)
  if (type === 'PageNode') return { children: childrenOf(document) }
  const journey = member(document, 'tree')
  return { children: [], ...(typeof journey === 'string' ? { journey } : {}) }
}

function childrenOf(document: JsonObject): readonly Named[] {
  const nodes = member(document, 'nodes')
  return (Array.isArray(nodes) ? (nodes as readonly Json[]) : []).flatMap((each) => {
    const [id, type] = isObject(each) ? [member(each, '_id'), member(each, 'nodeType')] : []
    return typeof id === 'string' && typeof type === 'string' ? [{ id, type }] : []
  })
}

/**
 * Whether a journey of that name can be begun. One that needs what this server does not have is not, so that nobody comes
 * half way through it; why is told in the log.
 */
export async function canBegin(realm: Realm, name: string): Promise<boolean> {
  const found = await findTree(realm, name)
  if (found === undefined) return false
  const reason = lackingTold(await lackingOf(realm, found.tree))
  if (reason === undefined) return true
  event('journey.not_started', { realm: realm.path, journey: name, reason }, 'warn')
  return false
}
