import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { readNodeDocument } from '../../journey/find.ts'
import { insideOf } from '../../journey/unserved.ts'
import type { Realm } from '../../realm/realm.ts'
import { newUuid } from '../../user/end-user.ts'
import type { Change } from '../kind.ts'
import { nodeKind } from './node.ts'

/**
 * Copies the nodes of a journey, those on its pages too, each under a new id; gives the journey that has the copies.
 * Undefined: one of them is as the realm takes none, or there are too many. Journeys that it runs are not copied.
 */
export async function copiedNodes(
  realm: Realm,
  tree: JsonObject,
  change: Change,
): Promise<JsonObject | undefined> {
  const nodes = Object.entries(objectAt(tree, 'nodes'))
  const ids = new Map(nodes.map(([id]) => [id, newUuid(realm.random)]))
  const idOf = (id: Json | undefined): Json =>
    typeof id === 'string' ? (ids.get(id) ?? id) : (id ?? null)
  const copies: [string, Json][] = []
  for (const [id, node] of nodes) {
    if (!isObject(node)) continue
    const type = member(node, 'nodeType')
    if (typeof type !== 'string') return undefined
    if (!(await copyNode(realm, type, id, ids.get(id) as string, change))) return undefined
    const connections = Object.entries(objectAt(node, 'connections')).map(
      ([outcome, to]): [string, Json] => [outcome, idOf(to)],
    )
    copies.push([ids.get(id) as string, { ...node, connections: Object.fromEntries(connections) }])
  }
  const entryNodeId = idOf(member(tree, 'entryNodeId'))
  return { ...tree, entryNodeId, nodes: Object.fromEntries(copies) }
}

/** Secrets go along; what a journey names and is not there stays so. */
async function copyNode(
  realm: Realm,
  type: string,
  id: string,
  newId: string,
  change: Change,
  onPage = false,
): Promise<boolean> {
  const document = await readNodeDocument(realm, type, id)
  if (document === undefined) return true
  // A page holds no page, so that none is looked into for more.
  const { children } = onPage ? { children: [] } : await insideOf(realm, { type, id })
  const ids = new Map(children.map((child) => [child.id, newUuid(realm.random)]))
  for (const child of children)
    if (!(await copyNode(realm, child.type, child.id, ids.get(child.id) as string, change, true)))
      return false
  const listed = member(document, 'nodes')
  const renamed =
    children.length === 0 || !Array.isArray(listed)
      ? document
      : { ...document, nodes: (listed as readonly Json[]).map((each) => renamedIn(each, ids)) }
  const saved = await nodeKind.save(realm, `${type}/${newId}`, renamed, change)
  return saved.outcome === 'created'
}

function renamedIn(child: Json, ids: ReadonlyMap<string, string>): Json {
  const id = isObject(child) ? member(child, '_id') : undefined
  return isObject(child) && typeof id === 'string' ? { ...child, _id: ids.get(id) ?? id } : child
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = member(object, name)
  return isObject(value) ? value : {}
}
