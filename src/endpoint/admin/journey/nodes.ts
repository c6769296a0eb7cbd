import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import { json } from '../../../base/http.ts'
import type { JsonObject } from '../../../base/json.ts'
import { member } from '../../../base/json.ts'
import { allItems } from '../../../config/document/items.ts'
import { nodeKind } from '../../../config/journey/node.ts'
import { onlyVersion } from '../../../config/journey/node-version.ts'
import type { Change, Item } from '../../../config/kind.ts'
import type { Realm } from '../../../realm/realm.ts'
import { newUuid } from '../../../user/end-user.ts'
import type { Action, Actions } from '../../serve/action.ts'
import { act, alwaysListed, listed } from '../../serve/action.ts'
import { crestError } from '../../serve/crest.ts'
import type { Endpoint } from '../../serve/endpoint.ts'
import { readJsonBody, readJsonDocument } from '../../serve/json-body.ts'
import {
  createResource,
  deleteResource,
  listResources,
  locationIn,
  putResource,
  readResource,
} from '../../serve/resource.ts'
import { asAdministrator } from '../administrator.ts'
import { forAdministrators } from '../collection/collection.ts'
import { alreadyThere, brokenBody, treesPath, treeVersions } from './asked.ts'
import { nodeTypeOf, nodeView, outcomesBy, shownNode } from './node-shown.ts'
import { nodeSchema, nodeTemplate, typeEntries, typeEntry, versionInfo } from './node-type.ts'

const path = `${treesPath}/nodes`

const actions: Actions = new Map<string, Action>([
  ['nextdescendents', (realm) => allNodes(realm, '')],
  ['getAllTypes', alwaysListed(typeEntries())],
  ['getCreatableTypes', alwaysListed(typeEntries())],
  [
    'listLatestTypes',
    alwaysListed(typeEntries().map((entry) => ({ ...entry, version: onlyVersion }))),
  ],
])

/** The nodes of all kinds (PingAM: authentication nodes), and the kinds themselves. */
export const nodes: Endpoint = {
  ...forAdministrators,
  path,
  methods: ['POST'],
  handle: (realm, http) =>
    asAdministrator(realm, http, (change) => act(actions, realm, http, change), treeVersions),
}

/** The nodes of one kind, and each of them; newer clients name a version between kind and id. */
export const nodesOfType: Endpoint = {
  ...forAdministrators,
  path: `${path}/*`,
  methods: ['GET', 'PUT', 'POST', 'DELETE'],
  handle: (realm, http) =>
    asAdministrator(
      realm,
      http,
      async (change) => {
        const place = placeOf(http.rest)
        if (place === undefined) return crestError(404)
        return place.id === undefined
          ? answerType(realm, http, place, change)
          : answerOne(realm, http, place, change)
      },
      treeVersions,
    ),
}

/** What a URL names: a kind of nodes, or one of them. */
interface NamedNode {
  readonly type: string
  readonly version: string | undefined
  readonly id: string | undefined
}

/** An id looks never like a version; PingAM's are UUIDs. */
function placeOf(rest: string): NamedNode | undefined {
  const names = namesIn(rest)
  const [type = '', second, third, ...more] = names ?? []
  const isVersioned = second !== undefined && /^\d+\.\d+$/.test(second)
  if (type === '' || more.length > 0 || (third !== undefined && !isVersioned)) return undefined
  return {
    type,
    version: isVersioned ? second : undefined,
    id: isVersioned ? third : second,
  }
}

function namesIn(rest: string): readonly string[] | undefined {
  try {
    const names = rest.replace(/\/$/, '').split('/').map(decodeURIComponent)
    return names.some((name) => name === '' || name.includes('/')) ? undefined : names
  } catch {
    return undefined
  }
}

async function answerOne(
  realm: Realm,
  http: HttpRequest,
  { type, version, id }: NamedNode,
  change: Change,
): Promise<HttpResponse> {
  const view = nodeView(type, version)
  const named = `${type}/${id}`
  if (http.method === 'PUT')
    return brokenBody(http) ?? putResource(view, realm, http, named, change)
  if (http.method === 'DELETE') return deleteResource(view, realm, named, change)
  if (http.method === 'POST') return act(new Map(), realm, http, change)
  return readResource(view, realm, http, named)
}

async function answerType(
  realm: Realm,
  http: HttpRequest,
  place: NamedNode,
  change: Change,
): Promise<HttpResponse> {
  const { type, version } = place
  if (http.method === 'GET') return listResources(nodeView(type, version), realm, http)
  if (http.method === 'POST') return act(actionsOf(place), realm, http, change)
  return crestError(404)
}

function actionsOf({ type, version }: NamedNode): Actions {
  const row = nodeTypeOf(type)
  const every: readonly (readonly [string, Action])[] = [
    ['create', (realm, http, change) => create(realm, http, { type, version }, change)],
    ['nextdescendents', (realm) => allNodes(realm, `${type}/`)],
  ]
  if (row === undefined) return new Map<string, Action>(every)
  const { _id, ...entry } = typeEntry(row)
  return new Map<string, Action>([
    ...every,
    ['schema', async () => json(200, nodeSchema(row))],
    ['template', async () => json(200, nodeTemplate(row))],
    ['getType', async () => json(200, { _id: version ?? onlyVersion, ...entry })],
    ['versionInfo', async () => json(200, versionInfo)],
    [
      'listOutcomes',
      async (realm, http) => json(200, await outcomesBy(realm, row, readJsonBody(http))),
    ],
  ])
}

/** The body says the id, or gets a random one. */
async function create(
  realm: Realm,
  http: HttpRequest,
  { type, version }: Omit<NamedNode, 'id'>,
  change: Change,
): Promise<HttpResponse> {
  const input = readJsonDocument(http)
  const named = member(input, '_id') ?? newUuid(realm.random)
  if (typeof named !== 'string') return crestError(400, 'The _id must be text')
  const location = (): string => locationIn(http, named)
  const wanted = { id: `${type}/${named}`, input, location }
  const made = await createResource(nodeView(type, version), realm, wanted, change)
  return made.status === 409 ? crestError(409, alreadyThere) : made
}

/** With their settings, and without their revisions. */
async function allNodes(realm: Realm, start: string): Promise<HttpResponse> {
  const items = (await allItems(nodeKind, realm)) ?? []
  const asked = items.filter(({ id }) => id.startsWith(start))
  return listed(
    await Promise.all(asked.map((item: Item): Promise<JsonObject> => shownNode(realm, item))),
  )
}
