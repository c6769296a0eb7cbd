import { isObject, member } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import { filledNodeDocument, findTree } from '../find.ts'
import type { Tree, TreeNode } from '../tree.ts'
import { failureId, successId } from '../tree.ts'
import { insideOf } from '../unserved.ts'
import { circlesIn } from './circle.ts'
import type { Frame } from './position.ts'

/** By how much each journey may raise the level, once known; `pending`: it is being asked, and so stands in itself. */
type Rises = Map<string, number | 'pending'>

/**
 * By how much the level may still rise until a success, once a journey leaves a node by an outcome (PingAM: Choice
 * Collector). More than is possible may be said, never less: what a script does nobody knows before. Undefined: that way
 * does not lead to a success at all, but by the same node once more. What all outcomes share is looked at once.
 */
export function risesFrom(
  realm: Realm,
  [frame, ...outer]: readonly Frame[],
): (outcome: string) => Promise<number | undefined> {
  if (frame === undefined) return async () => 0
  const around = once(() => risesFrom(realm, outer)('true'))
  const inside = once(() => inTree(realm, frame))
  return async (outcome) => {
    const found = await inside()
    const first = found?.tree.nodes.get(frame.node)?.connections[outcome]
    if (found === undefined || first === undefined) return undefined
    const reached = reachedFrom(found.tree, first, frame.node)
    if (!reached.has(successId)) return undefined
    return riseOf(found, reached) + ((await around()) ?? 0)
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** What of a tree says by how much the level may rise in it: the nodes that raise it, and those that can be passed again. */
interface Raising {
  readonly tree: Tree
  readonly by: ReadonlyMap<string, number>
  readonly circles: ReadonlySet<string>
}

async function inTree(realm: Realm, frame: Frame): Promise<Raising | undefined> {
  const tree = (await findTree(realm, frame.tree))?.tree
  return tree && raisingIn(realm, tree, frame.node, new Map([[tree.name, 'pending']]))
}

async function raisingIn(realm: Realm, tree: Tree, not: string, rises: Rises): Promise<Raising> {
  const by = new Map<string, number>()
  for (const node of tree.nodes.values()) {
    const rise = await riseAt(realm, node, rises)
    if (rise > 0) by.set(node.id, rise)
  }
  return { tree, by, circles: by.size === 0 ? new Set() : circlesIn(tree, not) }
}

function riseOf({ by, circles }: Raising, reached: ReadonlySet<string>): number {
  let rise = 0
  for (const id of reached) {
    const own = by.get(id) ?? 0
    if (own > 0) rise += circles.has(id) ? Number.POSITIVE_INFINITY : own
  }
  return rise
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
  const rise =
    tree === undefined
      ? 0
      : riseOf(await raisingIn(realm, tree, '', rises), reachedFrom(tree, tree.entry, ''))
  rises.set(name, rise)
  return rise
}
