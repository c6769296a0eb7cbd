import { isObject, member } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import { filledNodeDocument, findTree } from '../find.ts'
import type { Tree, TreeNode } from '../tree.ts'
import { failureId, successId } from '../tree.ts'
import { insideOf } from '../unserved.ts'
import type { Frame } from './position.ts'

/** By how much each journey may raise the level, once known; `pending`: it is being asked, and so stands in itself. */
type Rises = Map<string, number | 'pending'>

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
  const own = await riseOf(realm, tree, reached, frame.node, new Map([[tree.name, 'pending']]))
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
  rises: Rises,
): Promise<number> {
  let rise = 0
  for (const id of reached) {
    const node = tree.nodes.get(id)
    const by = node === undefined ? 0 : await riseAt(realm, node, rises)
    if (by > 0) rise += isInCircle(tree, id, not) ? Number.POSITIVE_INFINITY : by
    if (rise === Number.POSITIVE_INFINITY) return rise
  }
  return rise
}

/** Whether a node can be passed more than once. */
function isInCircle(tree: Tree, id: string, not: string): boolean {
  const next = Object.values(tree.nodes.get(id)?.connections ?? {})
  return next.some((each) => reachedFrom(tree, each, not).has(id))
}

/** Kinds that may, beside scripts and pages; what a script makes the settings of raises it by nobody knows how much. */
const rising = [
  ...['ModifyAuthLevelNode', 'SetStateNode', 'InnerTreeEvaluatorNode'],
  'ConfigProviderNode',
]

/** By how much a node raises the level; one that may do whatever it likes does so without end. */
async function riseAt(
  realm: Realm,
  { type, id }: Pick<TreeNode, 'type' | 'id'>,
  rises: Rises,
): Promise<number> {
  if (type === 'ScriptedDecisionNode') return Number.POSITIVE_INFINITY
  if (type === 'PageNode') return riseOnPage(realm, id, rises)
  if (!rising.includes(type)) return 0
  const document = await filledNodeDocument(realm, type, id)
  if (type === 'ConfigProviderNode')
    return rising.some((each) => each === document.nodeType) ? Number.POSITIVE_INFINITY : 0
  if (type === 'ModifyAuthLevelNode') return Number(member(document, 'authLevelIncrement') ?? 0)
  if (type === 'SetStateNode') {
    const attributes = member(document, 'attributes')
    const sets = isObject(attributes) && Object.hasOwn(attributes, 'authLevel')
    return sets ? Number.POSITIVE_INFINITY : 0
  }
  const name = member(document, 'tree')
  return typeof name === 'string' ? riseWithin(realm, name, rises) : 0
}

/** All that a page holds has its turn. It holds neither pages nor journeys. */
async function riseOnPage(realm: Realm, id: string, rises: Rises): Promise<number> {
  const { children } = await insideOf(realm, { type: 'PageNode', id })
  let rise = 0
  for (const child of children)
    if (child.type !== 'PageNode' && child.type !== 'InnerTreeEvaluatorNode')
      rise += Math.max(await riseAt(realm, child, rises), 0)
  return rise
}

/** Each journey is looked at once. One that stands in itself may be passed as often as anybody likes. */
async function riseWithin(realm: Realm, name: string, rises: Rises): Promise<number> {
  const known = rises.get(name)
  if (known !== undefined) return known === 'pending' ? Number.POSITIVE_INFINITY : known
  rises.set(name, 'pending')
  const tree = (await findTree(realm, name))?.tree
  const reached = tree && reachedFrom(tree, tree.entry, '')
  const rise = tree && reached ? await riseOf(realm, tree, reached, '', rises) : 0
  rises.set(name, rise)
  return rise
}
