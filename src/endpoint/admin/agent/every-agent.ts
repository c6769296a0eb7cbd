import { clientIds } from '../../../client/registration.ts'
import { remoteConsentIds } from '../../../client/remote-consent/agent.ts'
import { keptKind } from '../../../config/kept/document.ts'
import type { Item } from '../../../config/kind.ts'
import type { Query } from '../../../config/query.ts'
import { idsAsked, listWhole } from '../../../config/query.ts'
import type { Realm } from '../../../realm/realm.ts'
import { pathsBelow, shownAs } from '../../kept/below.ts'
import type { ListView, View } from '../../serve/resource.ts'
import { clientView } from '../client-view.ts'
import { remoteConsentView } from './remote-consent-view.ts'

const folder = 'realm-config/agents'

/** Agents that are listed together: who they are, and how one is read, which has as its value what lists show of it. */
interface Group {
  readonly ids: (realm: Realm, query: Query) => Promise<readonly string[]>
  readonly read: (realm: Realm, id: string) => Promise<Item | undefined>
}

/** In the order in which they are listed; what is only kept goes by its path. */
const groups: readonly Group[] = [
  served(clientView, clientIds),
  served(remoteConsentView, remoteConsentIds),
  {
    ids: async (realm) =>
      (await pathsBelow(realm, folder, 2)).filter((path) => !path.startsWith(`${folder}/groups/`)),
    async read(realm, path) {
      const item = await keptKind.read(realm, path)
      const id = path.slice(path.lastIndexOf('/') + 1)
      return item && { ...item, id, value: { ...shownAs(item), _id: id } }
    },
  },
]

function served(view: View, ids: (realm: Realm) => Promise<readonly string[]>): Group {
  return {
    ids: async (realm, query) => idsAsked(query, await ids(realm)),
    async read(realm, id) {
      const item = await view.kind.read(realm, id)
      return item && { ...item, value: view.listed(item) }
    },
  }
}

/** Agents of every kind, those that are only kept among them (PingAM: rest-api-agents). */
export const everyAgentView: ListView = {
  kind: {
    name: 'agent',
    async list(realm, query) {
      const ids = await Promise.all(groups.map((group) => group.ids(realm, query)))
      const places = ids.flatMap((of, group) => of.map((id) => `${group}${id}`))
      const read = async (place: string): Promise<Item | undefined> =>
        groups[Number(place[0])]?.read(realm, place.slice(1))
      return listWhole(query, places, read, ({ value }) => value)
    },
  },
  listed: ({ value }) => value,
  counted: true,
}
