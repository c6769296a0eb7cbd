import type { JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'

/** PingAM: the ids of the two ends of every tree. */
export const successId = '70e691a5-1e33-4ac3-a356-e7b6d60d92e0'
export const failureId = 'e301438c-0bd0-429c-ab0c-66126501069a'

/** A node where it stands in a tree: its kind, and which node each outcome leads to. */
export interface TreeNode {
  readonly id: string
  readonly type: string
  readonly displayName: string
  readonly connections: Readonly<Record<string, string>>
}

/** A journey (PingAM: authentication tree). */
export interface Tree {
  readonly name: string
  /** Where it begins; it may be one of the two ends. */
  readonly entry: string
  readonly nodes: ReadonlyMap<string, TreeNode>
  readonly enabled: boolean
  /** Started by other journeys only. */
  readonly innerTreeOnly: boolean
  /** It ends without a session. */
  readonly noSession: boolean
  /** It runs although there is a session. */
  readonly mustRun: boolean
  readonly transactionalOnly: boolean
  /** Whose objects nodes look up: `managed/alpha_user`. Undefined: the realm's users. */
  readonly identityResource: string | undefined
  /** Minutes; undefined: as the realm says. */
  readonly maximumSessionTime: number | undefined
  readonly maximumIdleTime: number | undefined
  readonly treeTimeout: number | undefined
}

/** What a document of AM's says; what has another shape than AM's is as if it was not there. */
export function readTree(name: string, document: JsonObject): Tree {
  const nodes = member(document, 'nodes')
  return {
    name,
    entry: textAt(document, 'entryNodeId') ?? failureId,
    nodes: new Map(
      Object.entries(isObject(nodes) ? nodes : {}).flatMap(([id, node]) =>
        isObject(node) ? [[id, readNode(id, node)]] : [],
      ),
    ),
    enabled: member(document, 'enabled') !== false,
    innerTreeOnly: member(document, 'innerTreeOnly') === true,
    noSession: member(document, 'noSession') === true,
    mustRun: member(document, 'mustRun') === true,
    transactionalOnly: member(document, 'transactionalOnly') === true,
    identityResource: resourceOf(textAt(document, 'identityResource')),
    maximumSessionTime: minutesAt(document, 'maximumSessionTime'),
    maximumIdleTime: minutesAt(document, 'maximumIdleTime'),
    treeTimeout: minutesAt(document, 'treeTimeout'),
  }
}

function readNode(id: string, node: JsonObject): TreeNode {
  const connections = member(node, 'connections')
  return {
    id,
    type: textAt(node, 'nodeType') ?? '',
    displayName: textAt(node, 'displayName') ?? '',
    connections: Object.fromEntries(
      Object.entries(isObject(connections) ? connections : {}).flatMap(([outcome, to]) =>
        typeof to === 'string' ? [[outcome, to]] : [],
      ),
    ),
  }
}

/** PingAM writes `null` as a text where a tree has none. */
function resourceOf(text: string | undefined): string | undefined {
  return text === 'null' || text === '' ? undefined : text
}

function textAt(document: JsonObject, name: string): string | undefined {
  const value = member(document, name)
  return typeof value === 'string' ? value : undefined
}

function minutesAt(document: JsonObject, name: string): number | undefined {
  const value = member(document, name)
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined
}
