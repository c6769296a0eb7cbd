import type { JsonObject } from '../../base/json.ts'
import { failureId, successId } from '../tree.ts'

/** A journey that every realm has until it has another one of that name: its document, and those of its nodes by their ids. */
export interface BuiltIn {
  readonly tree: JsonObject
  readonly nodes: Readonly<Record<string, { readonly type: string; readonly document: JsonObject }>>
}

/** A node of a built-in journey: on a page, or in the tree, where each outcome leads somewhere. */
export interface Placed {
  readonly type: string
  readonly name?: string
  readonly settings?: JsonObject
  readonly to?: Readonly<Record<string, string>>
}

export const success = successId
export const failure = failureId

/** Makes one; what has no `to` stands on a page. The first is where it begins. */
export function builtIn(
  description: string,
  nodes: Readonly<Record<string, Placed>>,
  more: JsonObject = {},
): BuiltIn {
  const placed = Object.entries(nodes)
  const inTree = placed.filter(([, { to }]) => to !== undefined)
  return {
    tree: {
      description,
      ...{ enabled: true, innerTreeOnly: false, noSession: false, mustRun: false },
      entryNodeId: inTree[0]?.[0] ?? failureId,
      nodes: Object.fromEntries(
        inTree.map(([id, { type, name, to = {} }], i) => [
          id,
          {
            ...{ nodeType: type, displayName: name ?? type.replace(/Node$/, ''), version: '1.0' },
            ...{ connections: to, x: 200 + 200 * i, y: 100 },
          },
        ]),
      ),
      staticNodes: {
        startNode: { x: 50, y: 25 },
        [successId]: { x: 200 * (inTree.length + 2), y: 50 },
        [failureId]: { x: 200 * (inTree.length + 2), y: 250 },
      },
      uiConfig: { categories: '["Authentication"]' },
      ...more,
    },
    nodes: Object.fromEntries(
      placed.map(([id, { type, settings = {} }]) => [id, { type, document: settings }]),
    ),
  }
}

/** The children of a page, as PingAM writes them. */
export function page(...children: readonly (readonly [id: string, type: string])[]): JsonObject {
  const nodes = children.map(([_id, nodeType]) => ({
    ...{ _id, nodeType, displayName: nodeType.replace(/Node$/, '') },
  }))
  return { nodes, pageHeader: {}, pageDescription: {} }
}
