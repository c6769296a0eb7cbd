import { member } from '../base/json.ts'
import type { Realm } from '../realm/realm.ts'
import { filledNodeDocument, findTree } from './find.ts'
import type { Tree } from './tree.ts'

/** The ids of all nodes of a journey, those of journeys inside it too. */
export async function nodesWithin(
  realm: Realm,
  { name, nodes }: Tree,
  seen: ReadonlySet<string> = new Set(),
): Promise<ReadonlySet<string>> {
  const within = new Set(nodes.keys())
  for (const { id, type } of nodes.values()) {
    if (type !== 'InnerTreeEvaluatorNode') continue
    const inner = member(await filledNodeDocument(realm, type, id), 'tree')
    if (typeof inner !== 'string' || inner === name || seen.has(inner)) continue
    const found = await findTree(realm, inner)
    if (found === undefined) continue
    for (const each of await nodesWithin(realm, found.tree, new Set([...seen, name])))
      within.add(each)
  }
  return within
}
