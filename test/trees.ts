import type { JsonObject } from '../src/base/json.ts'
import type { BuiltIn, Placed } from '../src/journey/built-in/journey.ts'
import { builtIn } from '../src/journey/built-in/journey.ts'
import { nodesFolder, readJourneyList, treesFolder } from '../src/realm/journey/list.ts'
import { keptFolder } from '../src/realm/kept.ts'
import type { Realm } from '../src/realm/realm.ts'
import { never } from '../src/store/store.ts'

/** A tree as a test writes it: its nodes in their order, and what else its document says. */
export function tree(nodes: Readonly<Record<string, Placed>>, more: JsonObject = {}): BuiltIn {
  return builtIn('', nodes, more)
}

/** The same realm with these journeys, as an administrator has written them; another tree of a name replaces the one before. */
export async function withTrees(
  realm: Realm,
  trees: Readonly<Record<string, BuiltIn>>,
): Promise<Realm> {
  for (const [name, { tree: document, nodes }] of Object.entries(trees)) {
    await keep(realm, `${treesFolder}/${name}`, document)
    for (const [id, node] of Object.entries(nodes))
      await keep(realm, `${nodesFolder}/${node.type}/${id}`, node.document)
  }
  return { ...realm, journeys: await readJourneyList(realm.settings, realm.path) }
}

/** Writes a document where those are that are kept. */
export async function keep(
  { path, settings }: Pick<Realm, 'path' | 'settings'>,
  at: string,
  document: JsonObject,
): Promise<void> {
  const key = `${keptFolder(path)}/${encodeURIComponent(at)}`
  const value = Buffer.from(JSON.stringify({ document }))
  const stored = await settings.get(key)
  if (stored === undefined) await settings.insert(key, value, never)
  else await settings.replace(key, stored.version, value, never)
}
