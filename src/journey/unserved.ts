import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { event } from '../base/log.ts'
import type { Realm } from '../realm/realm.ts'
import { findTree, readNodeDocument } from './find.ts'
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
 * The kinds of nodes that a journey needs and this server does not have, each once, in order: of its own nodes, of
 * those on its pages, and of the journeys that it runs. Each journey is looked at once, so that a circle ends.
 */
export async function unservedTypes(realm: Realm, tree: Tree): Promise<readonly string[]> {
  const found = new Set<string>()
  const seen = new Set([tree.name])
  const trees = [tree]
  for (let next = trees.pop(); next !== undefined; next = trees.pop())
    for (const node of next.nodes.values()) {
      if (!isServedType(node.type)) found.add(node.type)
      const { children, journey } = await insideOf(realm, node)
      for (const { type } of children) if (!isServedType(type)) found.add(type)
      if (journey === undefined || seen.has(journey)) continue
      seen.add(journey)
      const inner = await findTree(realm, journey)
      if (inner !== undefined) trees.push(inner.tree)
    }
  return [...found].sort()
}

/** What stands in a node: other nodes, where it is a page, or a journey. */
export async function insideOf(
  realm: Pick<Realm, 'path' | 'settings'>,
  { type, id }: Named,
): Promise<{ readonly children: readonly Named[]; readonly journey?: string }> {
  if (type !== 'PageNode' && type !== 'InnerTreeEvaluatorNode') return { children: [] }
  const document = (await readNodeDocument(realm, type, id)) ?? {}
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
  const types = await unservedTypes(realm, found.tree)
  if (types.length === 0) return true
  const reason = `it needs nodes that this server does not have: ${types.join(', ')}`
  event('journey.not_started', { realm: realm.path, journey: name, reason }, 'warn')
  return false
}
