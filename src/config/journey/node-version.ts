import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'

/** The one version there is of each kind of nodes (PingAM: node versions). What says no other one is of this. */
export const onlyVersion = '1.0'

/** Nodes of a tree, by their ids, as they are stored: what their version is shows only where it is another one. */
export function withoutVersions(nodes: JsonObject): JsonObject {
  return mapped(nodes, (node) => bare(node, 'version'))
}

/** The same as PingAM tells them: each with its version. */
export function withVersions(nodes: JsonObject): JsonObject {
  return mapped(nodes, (node) => told(node, 'version'))
}

/** What stands on a page is listed there; the same for that list, as it is stored. */
export function pageWithoutVersions(page: JsonObject): JsonObject {
  return onPage(page, (child) => bare(child, 'nodeVersion'))
}

/** As PingAM tells it. */
export function pageWithVersions(page: JsonObject): JsonObject {
  return onPage(page, (child) => told(child, 'nodeVersion'))
}

function mapped(nodes: JsonObject, each: (node: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, each(node)]))
}

function onPage(page: JsonObject, each: (child: Json) => Json): JsonObject {
  const nodes = member(page, 'nodes')
  return Array.isArray(nodes) ? { ...page, nodes: (nodes as readonly Json[]).map(each) } : page
}

function bare(node: Json, name: string): Json {
  if (!isObject(node) || member(node, name) !== onlyVersion) return node
  return Object.fromEntries(Object.entries(node).filter(([own]) => own !== name))
}

function told(node: Json, name: string): Json {
  return isObject(node) ? { ...node, [name]: member(node, name) ?? onlyVersion } : node
}
