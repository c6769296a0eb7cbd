import { member } from '../base/json.ts'
import type { Realm } from '../realm/realm.ts'
import { filledNodeDocument, findTree } from './find.ts'
import type { Tree } from './tree.ts'

/** The ids of all nodes of a journey, those of journeys inside it too; each is looked at once, so that a circle ends. */
export async function nodesWithin(realm: Realm, tree: Tree): Promise<ReadonlySet<string>> {
  const within = new Set<string>()
  const seen = new Set([tree.name])
  const trees = [tree]
  for (let next = trees.pop(); next !== undefined; next = trees.pop())
    for (const { id, type } of next.nodes.values()) {
      within.add(id)
      if (type !== 'InnerTreeEvaluatorNode') continue
      const inner = member(await filledNodeDocument(realm, type, id), 'tree')
      if (typeof inner !== 'string' || seen.has(inner)) continue
      seen.add(inner)
      const found = await findTree(realm, inner)
      if (found !== undefined) trees.push(found.tree)
    }
  return within
}
