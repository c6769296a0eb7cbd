import { readTree } from '../../journey/tree.ts'
import { unservedTypes } from '../../journey/unserved.ts'
import type { Stops } from '../../protocol/unserved.ts'
import { stops } from '../../protocol/unserved.ts'
import type { Realm } from '../../realm/realm.ts'
import { openPlaceholders } from '../../realm/script/placeholder.ts'
import { allItems } from '../document/items.ts'
import type { Item, Kind } from '../kind.ts'
import { nodeKind } from './node.ts'
import { typeOf, unservedSettings } from './node-input.ts'
import { scriptKind } from './script.ts'
import { unservedInScript } from './script-input.ts'
import { journeyKind } from './tree.ts'

/** What of a realm's journeys, nodes and scripts is kept and not served: kinds of nodes, settings, whole documents. */
export async function unservedJourneys(realm: Realm) {
  const found = async (
    kind: Kind,
    pathsOf: (item: Item) => Promise<readonly string[]>,
    what: (item: Item) => Stops,
  ) => {
    const items = ((await allItems(kind, realm)) ?? []).filter(({ inherent }) => inherent !== true)
    const told = items.map(async (item) => ({
      ...{ kind: kind.name, id: item.id },
      attributes: (await pathsOf(item)).map((path) => ({
        ...{ path, stops: what(item), means: stops[what(item)] },
      })),
    }))
    return (await Promise.all(told)).filter(({ attributes }) => attributes.length > 0)
  }
  return [
    ...(await found(
      journeyKind,
      ({ id, value }) => unservedTypes(realm, readTree(id, value)),
      () => 'journey',
    )),
    ...(await found(
      nodeKind,
      async ({ id, value }) => unservedSettings(realm, id, value),
      ({ id, value }) =>
        typeOf(id) === undefined || openPlaceholders(realm, value).length > 0
          ? 'journey'
          : 'nothing',
    )),
    ...(await found(
      scriptKind,
      async ({ value }) => unservedInScript(value),
      () => 'nothing',
    )),
  ]
}
