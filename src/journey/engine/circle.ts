import type { Tree } from '../tree.ts'

/**
 * The nodes of a tree that can be passed more than once without passing `not`: those from which a way leads back to
 * themselves. In one walk through all of them, however large the tree is (Kosaraju).
 */
export function circlesIn({ nodes }: Tree, not: string): ReadonlySet<string> {
  const ids = [...nodes.keys()].filter((id) => id !== not)
  const next = new Map(ids.map((id) => [id, nextOf(nodes, id, not)]))
  const before = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const [id, all] of next) for (const each of all) before.get(each)?.push(id)
  const circles = new Set<string>()
  const seen = new Set<string>()
  for (const id of leftLast(ids, next)) {
    const group = groupOf(id, before, seen)
    if (group.length > 1 || next.get(id)?.includes(id) === true)
      for (const each of group) circles.add(each)
  }
  return circles
}

function nextOf(nodes: Tree['nodes'], id: string, not: string): readonly string[] {
  const to = new Set(Object.values(nodes.get(id)?.connections ?? {}))
  return [...to].filter((each) => each !== not && nodes.has(each))
}

/** All of them, those first that a walk along the connections leaves last. */
function leftLast(ids: readonly string[], next: ReadonlyMap<string, readonly string[]>): string[] {
  const left: string[] = []
  const seen = new Set<string>()
  for (const start of ids) {
    const open = [{ id: start, at: 0 }]
    if (seen.has(start)) continue
    seen.add(start)
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const to = next.get(top.id)?.[top.at]
      top.at += 1
      if (to === undefined) {
        left.push(top.id)
        open.pop()
      } else if (!seen.has(to)) {
        seen.add(to)
        open.push({ id: to, at: 0 })
      }
    }
  }
  return left.reverse()
}

/** Those that lead to a node and were not seen yet, that one among them. */
function groupOf(
  first: string,
  before: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
): readonly string[] {
  const group: string[] = []
  const open = [first]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    group.push(id)
    open.push(...(before.get(id) ?? []))
  }
  return group
}
