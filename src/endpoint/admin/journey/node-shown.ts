import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import { nodeKind } from '../../../config/journey/node.ts'
import { isPage, partsOf, secretsOfNode } from '../../../config/journey/node-input.ts'
import { pageWithVersions } from '../../../config/journey/node-version.ts'
import type { Item, Kind } from '../../../config/kind.ts'
import { findNode } from '../../../journey/find.ts'
import type { FoundNode, NodeType, Outcome } from '../../../journey/journey.ts'
import { nodeValues } from '../../../journey/node-setting.ts'
import { nodeTypes } from '../../../journey/node-types.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { View } from '../../serve/resource.ts'
import { refuseBy } from './asked.ts'

/** The kind of nodes of that name; undefined: it is not served. */
export function nodeTypeOf(type: string): NodeType | undefined {
  return Object.hasOwn(nodeTypes, type) ? nodeTypes[type] : undefined
}

/** Where a node may lead; of a kind that is not served nobody here knows. */
export async function outcomesOf(
  realm: Realm,
  type: string,
  id: string,
): Promise<readonly JsonObject[]> {
  const found = await findNode(realm, type, id)
  return found === undefined ? [] : told(await found.type.outcomes(found.values, within(realm)))
}

/** The same for settings that somebody thinks of; what stands on a page is told with settings of its own until it is saved. */
export async function outcomesBy(
  realm: Realm,
  type: NodeType,
  settings: JsonObject,
): Promise<readonly JsonObject[]> {
  const inside: ReturnType<typeof within> = (name, id) =>
    unsavedIn(settings, name, id) ?? within(realm)(name, id)
  return told(await type.outcomes(nodeValues(type.settings, settings), inside))
}

/** PingAM: `_properties` of a node on a page that an editor has open. */
function unsavedIn(page: JsonObject, type: string, id: string): FoundNode | undefined {
  const nodes = member(page, 'nodes')
  const found = (Array.isArray(nodes) ? (nodes as readonly Json[]) : []).find(
    (each) => isObject(each) && member(each, '_id') === id && member(each, 'nodeType') === type,
  )
  const document = isObject(found) ? member(found, '_properties') : undefined
  const kind = nodeTypeOf(type)
  if (kind === undefined || !isObject(document)) return undefined
  return { type: kind, values: nodeValues(kind.settings, document), document }
}

function within(realm: Realm): (type: string, id: string) => ReturnType<typeof findNode> {
  return (type, id) => findNode(realm, type, id)
}

function told(outcomes: readonly Outcome[]): readonly JsonObject[] {
  return outcomes.map(({ id, displayName }) => ({ id, displayName }))
}

/** How nodes of a kind look from outside, in a version that the URL may name. */
export function nodeView(type: string, version?: string): View {
  const asShown = ({ value }: Item): JsonObject => value
  return {
    kind: shownNodes(type, version),
    ...{ listed: asShown, alone: asShown, counted: false },
    refuse: refuseBy(({ path }) => nodeTypeOf(type)?.settings[path]?.title),
  }
}

/** The kind of nodes whose values have beside them what PingAM says of a node: its kind, and where it may lead. */
function shownNodes(type: string, version: string | undefined): Kind {
  const dress = async (realm: Realm, item: Item): Promise<Item> => ({
    ...item,
    value: await shownNode(realm, item, version),
  })
  return {
    ...nodeKind,
    async list(realm, query) {
      const found = await nodeKind.listBelow(realm, query, `${type}/`)
      if (found.outcome !== 'listed') return found
      return { ...found, items: await Promise.all(found.items.map((item) => dress(realm, item))) }
    },
    async read(realm, id) {
      const item = await nodeKind.read(realm, id)
      return item && dress(realm, item)
    },
    async save(realm, id, input, change) {
      const saved = await nodeKind.save(realm, id, input, change)
      return 'item' in saved ? { ...saved, item: await dress(realm, saved.item) } : saved
    },
    async remove(realm, id, change) {
      const before = await nodeView(type, version).kind.read(realm, id)
      const removed = await nodeKind.remove(realm, id, change)
      return removed.outcome === 'removed' && before !== undefined
        ? { ...removed, item: { ...before, rev: removed.item.rev } }
        : removed
    },
  }
}

/** A node as PingAM tells it. Secrets are null; of a kind that is not served all is as it came. */
export async function shownNode(
  realm: Realm,
  { id, value }: Item,
  version?: string,
): Promise<JsonObject> {
  const [type, own] = partsOf(id)
  const secrets = secretsOfNode(id).map((name): [string, null] => [name, null])
  const { _type, _outcomes, ...settings } = value
  const known = nodeTypeOf(type)
  return {
    _id: own,
    ...(isPage(id) ? pageWithVersions(settings) : settings),
    ...Object.fromEntries(secrets),
    _type: known === undefined && isObject(_type) ? _type : typeTold(type, version),
    _outcomes: known === undefined ? (_outcomes ?? []) : await outcomesOf(realm, type, own),
  }
}

function typeTold(type: string, version: string | undefined): JsonObject {
  const name = nodeTypeOf(type)?.name ?? type
  return { _id: type, name, collection: true, ...(version === undefined ? {} : { version }) }
}
