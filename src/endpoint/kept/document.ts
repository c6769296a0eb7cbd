import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { ofOperator } from '../../config/authority.ts'
import type { Filter } from '../../config/filter.ts'
import { everything } from '../../config/filter.ts'
import { keptKind } from '../../config/kept/document.ts'
import { keptFolders } from '../../config/kept/path.ts'
import type { Change, Condition, Item } from '../../config/kind.ts'
import { listWhole } from '../../config/query.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { newUuid } from '../../user/end-user.ts'
import { asAdministrator } from '../admin/administrator.ts'
import type { Action } from '../serve/action.ts'
import { act, alwaysListed, listed } from '../serve/action.ts'
import { crestError, crestResource } from '../serve/crest.ts'
import { readCollectionQuery } from '../serve/crest-query.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonDocument } from '../serve/json-body.ts'
import type { ListView, View } from '../serve/resource.ts'
import {
  createResource,
  deleteResource,
  listResources,
  putResource,
  readResource,
} from '../serve/resource.ts'
import { below, isAlways, pathsBelow, shownAs } from './below.ts'
import { bindingsShown } from './script-bindings.ts'

/** A document as it came; what it did not say of itself its path says. */
const view: View = {
  kind: keptKind,
  listed: shownAs,
  alone: shownAs,
  counted: false,
}

/** The place of what is not served below one of AM's folders (C-39): kept, given back, and nothing more. */
function keptAt(folder: string): Endpoint {
  return {
    under: 'json',
    path: `/${folder}/*`,
    methods: ['GET', 'PUT', 'POST', 'DELETE'],
    errors: 'crest',
    cors: false,
    always: true,
    handle: (realm, http) =>
      asAdministrator(
        realm,
        http,
        async (change) => {
          const path = pathOf(folder, http.rest)
          const owner = ownerOf(folder, realm, change)
          return path === undefined || owner === undefined
            ? crestError(404)
            : answer(owner, http, path, change)
        },
        versions,
      ),
  }
}

/**
 * Whose document it is: what is of the server as a whole is the root's, at whichever realm's URL it is asked
 * for, and for administrators of the root alone.
 */
function ownerOf(folder: string, realm: Realm, change: Change): Realm | undefined {
  if (folder !== 'global-config') return realm
  return ofOperator(change) ? { ...realm, path: '/' } : undefined
}

/** Of whichever resource it is: nothing here depends on it. */
const versions = ['1.2', '2.2', '3.2', '4.2', '5.2']

async function answer(
  realm: Realm,
  http: HttpRequest,
  path: string,
  change: Change,
): Promise<HttpResponse> {
  if (http.method === 'PUT') return putResource(view, realm, http, path, expecting(path, change))
  if (http.method === 'DELETE') return deleteResource(view, realm, path, change)
  if (http.method === 'POST') return act(actionsOf(path), realm, http, change)
  if (readQuery(http).has('_queryFilter')) return list(realm, http, path)
  const there = await keptKind.read(realm, path)
  if (there === undefined && isAlways(path))
    return crestResource(200, {
      ...resourceOf({ id: path, rev: '0', value: bindingsShown(path) ?? { _id: '' } }),
      _rev: '0',
    })
  return readResource(view, realm, http, path)
}

/** What AM has of everything: who changes it counts on its being there (`If-Match: *`), though nothing was kept yet. */
function expecting(path: string, change: Change): Change {
  if (!path.startsWith('global-config/') && !isAlways(path)) return change
  const { condition } = change
  const obstacle: Condition['obstacle'] = (rev) => {
    const found = condition.obstacle(rev)
    return rev === undefined && found === 'absent' ? undefined : found
  }
  return { ...change, condition: { ...condition, obstacle } }
}

/** What stands directly below a path. */
function list(realm: Realm, http: HttpRequest, path: string): Promise<HttpResponse> {
  const query = readCollectionQuery(readQuery(http))
  const filter = byPattern(query.filter) ? everything : query.filter
  const kind: ListView['kind'] = {
    name: `kept ${path}`,
    list: async (of, asked) => {
      const paths = await pathsBelow(of, path, 1)
      return listWhole(asked, paths, (each) => keptKind.read(of, each), shownAs)
    },
  }
  const listed = { kind, listed: shownAs, counted: false }
  return listResources(listed, realm, http, { ...query, filter })
}

/** AM's policies take `eq` for a pattern, and tools ask by it for all but AM's own, of which there are none. */
function byPattern(filter: Filter): boolean {
  return filter.is === 'eq' && JSON.stringify(filter.value).startsWith('"^(?!')
}

function actionsOf(path: string): ReadonlyMap<string, Action> {
  const isServices = path.endsWith('-config/services')
  return new Map<string, Action>([
    ['create', (realm, http, change) => create(realm, http, path, change)],
    [
      'nextdescendents',
      async (realm) => {
        const found = await below(realm, path, isServices ? 1 : 2)
        return listed(found.map((item) => ({ ...shownAs(item), _id: lastOf(item.id) })))
      },
    ],
    ['getAllTypes', alwaysListed([])],
    ['getCreatableTypes', alwaysListed([])],
    ['schema', async () => json(200, { type: 'object', properties: {} })],
    ['template', async () => json(200, {})],
  ])
}

/** The body says the id, or gets a random one. */
async function create(
  realm: Realm,
  http: HttpRequest,
  path: string,
  change: Change,
): Promise<HttpResponse> {
  const input = readJsonDocument(http)
  const named = member(input, '_id') ?? newUuid(realm.random)
  if (typeof named !== 'string') return crestError(400, 'The _id must be text')
  const location = (): string =>
    `${http.origin}${http.path.replace(/\/$/, '')}/${encodeURIComponent(named)}`
  const id = named === '' ? path : `${path}/${named}`
  return createResource(view, realm, { id, input, location }, change)
}

function resourceOf(item: Item): JsonObject {
  return { _id: lastOf(item.id), _rev: item.rev, ...shownAs(item) }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A path of the URL's names; undefined for what cannot be decoded. */
function pathOf(folder: string, rest: string): string | undefined {
  try {
    const names = rest.replace(/\/$/, '').split('/').map(decodeURIComponent)
    if (names.some((name) => name.includes('/'))) return undefined
    return [folder, ...names].filter((name) => name !== '').join('/')
  } catch {
    return undefined
  }
}

/** The folders themselves, whose documents are listed without a path below. */
function foldersAlone(folder: string): Endpoint {
  const whole = keptAt(folder)
  return { ...whole, path: `/${folder}`, methods: ['GET', 'POST'] }
}

export const keptDocuments: readonly Endpoint[] = [
  ...keptFolders.filter((folder) => !folder.endsWith('-config')).map(foldersAlone),
  ...keptFolders.map(keptAt),
]
