import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import { builtInDocument, journeyNames } from '../../journey/find.ts'
import { readTree } from '../../journey/tree.ts'
import { lackingOf, lackingTold, unservedTypes } from '../../journey/unserved.ts'
import { listedAs, treesFolder } from '../../realm/journey/list.ts'
import type { Realm } from '../../realm/realm.ts'
import { touchRealm } from '../../realm/touch.ts'
import { documentKind } from './document-kind.ts'
import { withoutVersions } from './node-version.ts'
import type { Asked, Stand, Taken } from './row.ts'
import { readTreeInput, treeMembers, treeSchema, treeTemplate } from './tree-input.ts'

/** What a journey is of which its document says nothing. */
export const treeDefaults: JsonObject = {
  ...{ enabled: true, innerTreeOnly: false, mustRun: false, noSession: false },
  transactionalOnly: false,
}

/** The journeys of a realm by their names (PingAM: authentication trees). What a body leaves out is unset. */
export const journeyKind = documentKind({
  name: 'journey',
  member: 'journeys',
  folder: treesFolder,
  most: { documents: 1000, bytes: 262_144 },
  schema: treeSchema,
  template: treeTemplate,
  defaults: treeDefaults,
  isId: (id) => /^(?!\.{1,2}$)[^/\x00-\x1f\x7f]{1,128}$/.test(id),
  inherentIds: journeyNames,
  inherent: builtInDocument,
  bare: (_id, document) => bareTree(document),
  take,
  kept: () => [],
  unserved: (realm, id, document) => unservedTypes(realm, readTree(id, document)),
  settle,
  tellSaved: ({ realm, id, created, by, changes }) =>
    event('journey.saved', { realm: realm.path, journey: id, created, by, changes }),
  tellDeleted: ({ realm, id, by, changes }) =>
    event('journey.deleted', { realm: realm.path, journey: id, by, changes }),
})

/** What begins with `_` is the resource's, and not its content. */
function withoutMarks(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith('_')))
}

/** Nor is what an editor was told beside each node. */
function bareTree(document: JsonObject): JsonObject {
  const bare = withoutMarks(document)
  const nodes = member(bare, 'nodes')
  if (!isObject(nodes)) return bare
  const own = Object.entries(nodes).map(([id, node]): [string, Json] => [
    id,
    isObject(node) ? withoutMarks(node) : node,
  ])
  return { ...bare, nodes: withoutVersions(Object.fromEntries(own)) }
}

async function take({ realm, id, input, before }: Asked): Promise<Taken> {
  const { document, problems, unknown } = readTreeInput(bareTree(input))
  if (unknown.length > 0) return { outcome: 'unknown', paths: unknown, known: treeMembers }
  if (problems.length > 0) return { outcome: 'invalid', problems }
  const isDisabled = before !== undefined && member(before, 'enabled') === false
  if (!isDisabled || member(document, 'enabled') === false) return { outcome: 'taken', document }
  // Whoever enables a journey means it to run; one that comes so with a whole tenant may lack what comes after it.
  const lacking = lackingTold(await lackingOf(realm, readTree(id, document)))
  if (lacking === undefined) return { outcome: 'taken', document }
  const text = `The journey cannot be enabled, since ${lacking}`
  return { outcome: 'invalid', problems: [{ path: '', text }] }
}

/** The realm lists its journeys anew where it has to; also where whoever wrote one before did not come that far. */
async function settle(realm: Realm, id: string, before: Stand, after: Stand): Promise<void> {
  const [was, is] = [before, after].map((each) => (each === undefined ? each : listedAs(each)))
  const known = before === after ? realm.journeys.get(id) : was
  if (!isDeepStrictEqual(known, is)) await touchRealm(realm.settings, realm.path)
}
