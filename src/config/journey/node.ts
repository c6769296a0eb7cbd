import { event } from '../../base/log.ts'
import { builtInNode, builtInNodes } from '../../journey/find.ts'
import { readJourneyDocument } from '../../realm/journey/document.ts'
import { nodesFolder } from '../../realm/journey/list.ts'
import { documentKind } from './document-kind.ts'
import {
  bareNode,
  partsOf,
  secretsOfNode,
  takeNode,
  typeOf,
  unknownSettings,
  unservedSettings,
} from './node-input.ts'

/**
 * The nodes of a realm's journeys, each by its kind and its own id: `PageNode/<uuid>`. What a body leaves out is unset,
 * but for secrets. A node whose kind is not served is kept as it came.
 */
export const nodeKind = documentKind({
  name: 'journey-node',
  member: 'journeyNodes',
  folder: nodesFolder,
  most: { documents: 5000, bytes: 65_536 },
  schema: { type: 'object' },
  template: {},
  defaults: {},
  isId: (id) => /^[\w.-]{1,100}\/(?!\.{1,2}$)[^/\x00-\x1f\x7f]{1,128}$/.test(id),
  inherentIds: [...builtInNodes].map(([id, { type }]) => `${type}/${id}`),
  inherent: (_realm, id) => builtInNode(...partsOf(id)),
  bare: bareNode,
  take: takeNode,
  secrets: secretsOfNode,
  backup: {
    schema: {},
    async read(realm, id) {
      const stored = await readJourneyDocument(realm, `${nodesFolder}/${id}`)
      const secrets = secretsOfNode(id)
      const kept = Object.entries(stored?.document ?? {}).filter(([name]) => secrets.includes(name))
      return kept.length === 0 ? undefined : Object.fromEntries(kept)
    },
  },
  kept: (id, document) => (typeOf(id) === undefined ? ['*'] : unknownSettings(id, document)),
  unserved: async (realm, id, document) => unservedSettings(realm, id, document),
  tellSaved: ({ realm, id, created, by, changes }) =>
    event('journey_node.saved', { realm: realm.path, node: id, created, by, changes }),
  tellDeleted: ({ realm, id, by, changes }) =>
    event('journey_node.deleted', { realm: realm.path, node: id, by, changes }),
})
