import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { memo } from '../base/memo.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import { journeyKey } from '../realm/journey/document.ts'
import { nodesFolder, startable, treesFolder } from '../realm/journey/list.ts'
import type { Realm } from '../realm/realm.ts'
import type { Surroundings } from '../realm/script/placeholder.ts'
import { filled } from '../realm/script/placeholder.ts'
import type { CachedRead } from '../store/cached.ts'
import { cachedReads } from '../store/cached.ts'
import type { Store } from '../store/store.ts'
import { builtInJourneys } from './built-in/index.ts'
import type { BuiltIn } from './built-in/journey.ts'
import type { FoundNode } from './journey.ts'
import { nodeValues } from './node-setting.ts'
import { nodeTypes } from './node-types.ts'
import type { Tree } from './tree.ts'
import { readTree } from './tree.ts'

/** A journey as it stands now; what somebody has begun by another version of it is not gone on with. */
export interface FoundTree {
  readonly tree: Tree
  readonly document: JsonObject
  readonly version: string
}

/** What of a realm says which journeys it has. */
type Journeys = Pick<Realm, 'path' | 'settings' | 'journeys' | 'provider'>

/** Names of the journeys that every realm has from the start. */
export const journeyNames: readonly string[] = Object.keys(builtInJourneys)

/**
 * The journey that a name means in a realm, if it can be started there: by its own name, or another one that the realm
 * gives it. Case counts.
 */
export function findJourney(realm: Journeys, name: string): { readonly name: string } | undefined {
  const own = startable(realm, name)
  const there =
    own !== undefined && (realm.journeys.has(own) || Object.hasOwn(builtInJourneys, own))
  return there ? { name: own } : undefined
}

/** A journey, enabled or not; undefined when there is none of that name. */
export function findTree(realm: Journeys, name: string): Ready<FoundTree | undefined> {
  const listed = realm.journeys.get(name)
  if (listed?.removed === true) return undefined
  if (listed === undefined) return builtInTree(realm, name)
  const key = journeyKey(realm, `${treesFolder}/${name}`)
  return whenReady(readsOf(realm.settings)(key), (stored) =>
    stored?.document === undefined
      ? undefined
      : {
          tree: treeOf(stored.document, name),
          document: stored.document,
          version: stored.version,
        },
  )
}

function builtInTree({ provider }: Journeys, name: string): FoundTree | undefined {
  const found = builtInTrees(provider)
  const known = found.get(name)
  if (known !== undefined) return known
  const document = builtInDocument({ provider }, name)
  if (document === undefined) return undefined
  const version = digestOf((builtInJourneys[name] as BuiltIn).tree).text
  const tree = { tree: readTree(name, document), document, version }
  found.set(name, tree)
  return tree
}

/** As a realm's settings have them, by name. */
const builtInTrees: (provider: Journeys['provider']) => Map<string, FoundTree> = memo(
  () => new Map(),
)

/** The document of a journey that is there from the start; such ones are enabled where the realm's settings say so. */
export function builtInDocument(
  { provider }: Pick<Realm, 'provider'>,
  name: string,
): JsonObject | undefined {
  const found = Object.hasOwn(builtInJourneys, name) ? builtInJourneys[name] : undefined
  return found && { ...found.tree, enabled: provider.journeys.includes(name) }
}

/** Another release may have another tree under the same name. */
const digestOf = memo((tree: JsonObject) => ({
  text: createHash('sha256').update(JSON.stringify(tree)).digest('base64url').slice(0, 11),
}))

/**
 * A node by its kind and id, with what its realm's environment has in the place of what it names there; undefined when
 * there is none, or its kind is none of this server's.
 */
export function findNode(
  realm: Pick<Journeys, 'settings'> & Surroundings,
  type: string,
  id: string,
): Ready<FoundNode | undefined> {
  const kind = Object.hasOwn(nodeTypes, type) ? nodeTypes[type] : undefined
  if (kind === undefined) return undefined
  return whenReady(readNodeDocument(realm, type, id), (written) => {
    if (written === undefined) return undefined
    const document = filled(realm, written)
    return { type: kind, values: nodeValues(kind.settings, document), document }
  })
}

/** What is written of a node, whether or not its kind is known; of a built-in journey's until somebody writes another. */
export function readNodeDocument(
  realm: Pick<Journeys, 'path' | 'settings'>,
  type: string,
  id: string,
): Ready<JsonObject | undefined> {
  const key = journeyKey(realm, `${nodesFolder}/${type}/${id}`)
  return whenReady(readsOf(realm.settings)(key), (stored) =>
    stored === undefined ? builtInNode(type, id) : stored.document,
  )
}

/** What is written of a node, with what its realm's environment has in the place of what it names; empty where there is none. */
export function filledNodeDocument(
  realm: Pick<Journeys, 'settings'> & Surroundings,
  type: string,
  id: string,
): Ready<JsonObject> {
  return whenReady(readNodeDocument(realm, type, id), (written) =>
    written === undefined ? {} : filled(realm, written),
  )
}

/** What is written of a node of a built-in journey, while nobody has written another one. */
export function builtInNode(type: string, id: string): JsonObject | undefined {
  const node = builtInNodes.get(id)
  return node?.type === type ? node.document : undefined
}

/** The nodes of all built-in journeys, by their ids. */
export const builtInNodes = new Map(
  Object.values(builtInJourneys).flatMap(({ nodes }) => Object.entries(nodes)),
)

/** A document of a realm where older versions kept it too; undefined: it was there from the start, and was removed. */
interface StoredDocument {
  readonly document: JsonObject | undefined
  readonly version: string
}

const readsOf = memo(
  (settings: Store): CachedRead<StoredDocument> =>
    cachedReads(settings, {
      keyOf: (key) => key,
      parse(value, version) {
        const document = member(JSON.parse(value.toString()) as JsonObject, 'document') as Json
        return { document: isObject(document) ? document : undefined, version: String(version) }
      },
      limit: 10_000,
      // Trees name the nodes, and nobody has written those of the built-in journeys.
      absent: 'kept',
    }),
)

const trees = new WeakMap<JsonObject, Tree>()

/** Read once of each document. */
function treeOf(document: JsonObject, name: string): Tree {
  const known = trees.get(document)
  if (known !== undefined) return known
  const tree = readTree(name, document)
  trees.set(document, tree)
  return tree
}
