import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import { allItems } from '../../../config/document/items.ts'
import { copiedNodes } from '../../../config/journey/copy.ts'
import { withVersions } from '../../../config/journey/node-version.ts'
import { journeyKind, treeDefaults } from '../../../config/journey/tree.ts'
import { treeTitle } from '../../../config/journey/tree-input.ts'
import type { Change, Item } from '../../../config/kind.ts'
import { onlyNew } from '../../../config/kind.ts'
import { readQuery } from '../../../protocol/parameter.ts'
import type { Problem } from '../../../protocol/problem.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { Action, Actions } from '../../serve/action.ts'
import { act, formActions, listed } from '../../serve/action.ts'
import { crestError } from '../../serve/crest.ts'
import type { Endpoint } from '../../serve/endpoint.ts'
import { readJsonBody } from '../../serve/json-body.ts'
import type { View } from '../../serve/resource.ts'
import {
  deleteResource,
  putResource,
  readResource,
  resourceName,
  savedAnswer,
} from '../../serve/resource.ts'
import { asAdministrator } from '../administrator.ts'
import { answerCollection, createById, forAdministrators } from '../collection/collection.ts'
import { alreadyThere, brokenBody, refuseBy, treesPath, treeVersions } from './asked.ts'
import { outcomesOf } from './node-shown.ts'

const path = `${treesPath}/trees`
const values = refuseBy(treeTitle)

/** A journey is told as it was written, and of which version each of its nodes is. */
function shown({ value }: Item): JsonObject {
  const nodes = member(value, 'nodes')
  return isObject(nodes) ? { ...value, nodes: withVersions(nodes) } : value
}

const view: View = {
  ...{ kind: journeyKind, listed: shown, alone: shown, counted: false, refuse },
  defaults: treeDefaults,
}

function refuse(problems: readonly Problem[]): HttpResponse {
  const [first] = problems
  if (first?.path === 'entryNodeId')
    return crestError(400, 'Node with ID entryNodeId must exist in the tree.')
  return first?.path === '' ? crestError(400, first.text) : values(problems)
}

const actions: Actions = new Map<string, Action>([
  ...formActions(journeyKind),
  ['create', create],
  [
    'getIds',
    async (realm) => {
      const items = (await allItems(journeyKind, realm)) ?? []
      return listed(items.map((item) => ({ _id: item.id, _rev: item.rev, ...shown(item) })))
    },
  ],
])

/** The journeys of a realm (PingAM: authentication trees): listed, or an action. */
export const trees: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['GET', 'POST'],
  handle: (realm, http) => answerCollection(view, actions, realm, http, treeVersions),
}

/** One of them: read, created or replaced, deleted, copied. Its nodes stay when it goes. */
export const tree: Endpoint = {
  ...forAdministrators,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'POST', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(
      realm,
      http,
      async (change) => {
        const id = resourceName(http.rest)
        if (id === undefined) return crestError(404)
        if (http.method === 'PUT')
          return brokenBody(http) ?? putResource(view, realm, http, id, change)
        if (http.method === 'DELETE') return deleteResource(view, realm, id, change)
        if (http.method === 'POST') return act(actionsOf(id), realm, http, change)
        return readQuery(http).get('forUI') === 'true'
          ? readResource(await viewForEditor(realm, id), realm, http, id)
          : readResource(view, realm, http, id)
      },
      treeVersions,
    ),
}

/** An editor learns with each node where it may lead. */
async function viewForEditor(realm: Realm, id: string): Promise<View> {
  const item = await journeyKind.read(realm, id)
  const nodes = item && member(shown(item), 'nodes')
  const all = Object.entries(isObject(nodes) ? nodes : {}).map(
    async ([own, node]): Promise<readonly [string, Json]> => {
      const type = isObject(node) ? member(node, 'nodeType') : undefined
      if (!isObject(node) || typeof type !== 'string') return [own, node]
      return [own, { ...node, _outcomes: await outcomesOf(realm, type, own) }]
    },
  )
  const told = Object.fromEntries(await Promise.all(all))
  return { ...view, alone: ({ value }) => ({ ...value, nodes: told }) }
}

function actionsOf(id: string): Actions {
  return new Map<string, Action>([
    ['clone', (realm, http, change) => clone(realm, http, id, change)],
  ])
}

/** One of a name that no journey has (PingAM: `_id` of the body). */
async function create(realm: Realm, http: HttpRequest, change: Change): Promise<HttpResponse> {
  const made = await createById(view)(realm, http, change)
  return made.status === 409 ? crestError(409, alreadyThere) : made
}

/** A copy with nodes of its own, under another name. */
async function clone(
  realm: Realm,
  http: HttpRequest,
  id: string,
  change: Change,
): Promise<HttpResponse> {
  const newId = member(readJsonBody(http), 'newId')
  if (typeof newId !== 'string') return crestError(400, 'The newId must be text')
  const item = await journeyKind.read(realm, id)
  if (item === undefined) return crestError(404)
  if ((await journeyKind.read(realm, newId)) !== undefined) return crestError(409, alreadyThere)
  const copy = await copiedNodes(realm, item.value, { by: change.by, condition: onlyNew })
  if (copy === undefined) return crestError(400, 'A node of it cannot be copied')
  const saved = await journeyKind.save(realm, newId, copy, { ...change, condition: onlyNew })
  if (saved.outcome === 'exists' || saved.outcome === 'stale') return crestError(409, alreadyThere)
  const collection = http.path.slice(0, http.path.lastIndexOf('/'))
  return savedAnswer(view, saved, `${http.origin}${collection}/${encodeURIComponent(newId)}`)
}
