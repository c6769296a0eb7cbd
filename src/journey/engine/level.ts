import { isObject, member } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import { filledNodeDocument, findTree } from '../find.ts'
import type { Tree, TreeNode } from '../tree.ts'
import { failureId, successId } from '../tree.ts'
import type { Frame } from './position.ts'

/**
 * By how much the level may still rise until a success, once a journey leaves a node by an outcome (PingAM: Choice
 * Collector). More than is possible may be said, never less: what a script does nobody knows before. Undefined: that way
 * does not lead to a success at all, but by the same node once more.
 */
export async function mostRise(
  realm: Realm,
  [frame, ...outer]: readonly Frame[],
  outcome: string,
): Promise<number | undefined> {
  if (frame === undefined) return 0
  const tree = (await findTree(realm, frame.tree))?.tree
  const first = tree?.nodes.get(frame.node)?.connections[outcome]
  if (tree === undefined || first === undefined) return undefined
  const reached = reachedFrom(tree, first, frame.node)
  if (!reached.has(successId)) return undefined
  const own = await riseOf(realm, tree, reached, frame.node, new Set([tree.name]))
  return own + ((await mostRise(realm, outer, 'true')) ?? 0)
}

/** What can be come to in a tree from a node, that one among them, without passing `not`. */
function reachedFrom({ nodes }: Tree, first: string, not: string): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [first]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === not || id === failureId || reached.has(id)) continue
    reached.add(id)
    open.push(...Object.values(nodes.get(id)?.connections ?? {}))
  }
  return reached
}

async function riseOf(
  realm: Realm,
  tree: Tree,
  reached: ReadonlySet<string>,
  not: string,
  seen: ReadonlySet<string>,
): Promise<number> {
  let rise = 0
  for (const id of reached) {
    const node = tree.nodes.get(id)
    const by = node === undefined ? 0 : await riseAt(realm, node, seen)
    if (by > 0) rise += isInCircle(tree, id, not) ? Number.POSITIVE_INFINITY : by
  }
  return rise
}

/** Whether a node can be passed more than once. */
function isInCircle(tree: Tree, id: string, not: string): boolean {
  const next = Object.values(tree.nodes.get(id)?.connections ?? {})
  return next.some((each) => reachedFrom(tree, each, not).has(id))
}

/** By how much a node raises the level; one that may do whatever it likes does so without end. */
async function riseAt(
  realm: Realm,
  { type, id }: TreeNode,
  seen: ReadonlySet<string>,
): Promise<number> {
  if (type === 'ScriptedDecisionNode') return Number.POSITIVE_INFINITY
  if (!['ModifyAuthLevelNode', 'SetStateNode', 'InnerTreeEvaluatorNode'].includes(type)) return 0
  const document = await filledNodeDocument(realm, type, id)
  if (type === 'ModifyAuthLevelNode') return Number(member(document, 'authLevelIncrement') ?? 0)
  if (type === 'SetStateNode') {
    const attributes = member(document, 'attributes')
    const sets = isObject(attributes) && Object.hasOwn(attributes, 'authLevel')
    return sets ? Number.POSITIVE_INFINITY : 0
  }
  const name = member(document, 'tree')
  const inner =
    typeof name !== 'string' || seen.has(name) ? undefined : (await findTree(realm, name))?.tree
  if (inner === undefined) return 0
  return riseOf(
    realm,
    inner,
    reachedFrom(inner, inner.entry, ''),
    '',
    new Set([...seen, inner.name]),
  )
}
