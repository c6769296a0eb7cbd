import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { findClient } from '../../client/client.ts'
import { consentId, consentKind } from '../../config/consent.ts'
import type { Change, Item } from '../../config/kind.ts'
import { findUser } from '../../config/of-user.ts'
import { clientView, scopeViews } from '../../page/client-view.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import type { Realm } from '../../realm/realm.ts'
import { crestError, crestResource } from '../serve/crest.ts'
import { asOwnerOrAdministrator } from './administrator.ts'
import { listThose } from './collection/list-those.ts'

/** Of the resource. */
const versions = ['1.0', '1.1']

type Resource = JsonObject & { readonly _id: string; readonly _rev: string }

/**
 * The applications a user allowed something, below the user's own URL: `oauth2/applications`, and one of
 * them by its client id (PingAM: rest-api-oauth2-applications-endpoint). The user and administrators list
 * them and withdraw one, with all its tokens. Undefined for another path.
 */
export function applicationsBelow(
  realm: Realm,
  http: HttpRequest,
  id: string,
  below: readonly (string | undefined)[],
): Promise<HttpResponse> | undefined {
  const [oauth2, applications, client_id, ...more] = below
  if (oauth2 !== 'oauth2' || applications !== 'applications' || more.length > 0) return undefined
  if (below.length === 3 && client_id === undefined) return undefined
  return answer(realm, http, id, client_id)
}

async function answer(
  realm: Realm,
  http: HttpRequest,
  id: string,
  client_id: string | undefined,
): Promise<HttpResponse> {
  const sub = (await findUser(realm, id))?.sub
  const work = (change: Change): Promise<HttpResponse> | HttpResponse => {
    if (sub === undefined) return crestError(404)
    if (client_id === undefined)
      return http.method === 'GET' ? list(realm, http, sub) : crestError(405)
    if (http.method === 'DELETE')
      return withdraw(realm, http, consentId({ sub }, client_id), change)
    return http.method === 'GET'
      ? read(realm, http, consentId({ sub }, client_id))
      : crestError(405)
  }
  return asOwnerOrAdministrator(realm, http, sub ?? '', work, versions)
}

async function list(realm: Realm, http: HttpRequest, sub: string): Promise<HttpResponse> {
  const named = { is: 'eq', field: ['username'], value: sub } as const
  const all = { filter: named, pageSize: 0, offset: 0, after: undefined, sort: [] }
  const found = await consentKind.list(realm, all)
  if (found.outcome !== 'listed') return crestError(400)
  const entries = await Promise.all(found.items.map((item) => resourceOf(realm, http, item)))
  return listThose(realm, http, { name: `applications of ${sub}`, entries })
}

async function read(realm: Realm, http: HttpRequest, id: string): Promise<HttpResponse> {
  const item = await consentKind.read(realm, id)
  return item === undefined
    ? crestError(404)
    : crestResource(200, await resourceOf(realm, http, item))
}

async function withdraw(
  realm: Realm,
  http: HttpRequest,
  id: string,
  change: Change,
): Promise<HttpResponse> {
  const item = await consentKind.read(realm, id)
  const resource = item && (await resourceOf(realm, http, item))
  const { outcome } = await consentKind.remove(realm, id, change)
  if (outcome === 'stale') return crestError(412)
  if (outcome === 'forbidden') return crestError(403, 'Access Denied')
  return resource === undefined || outcome !== 'removed'
    ? crestError(404)
    : crestResource(200, resource)
}

/** With what its scopes mean, in the client's words, where it has any. */
async function resourceOf(realm: Realm, http: HttpRequest, item: Item): Promise<Resource> {
  const { clientId, scopes, expiryDateTime = null } = item.value
  const client_id = clientId as string
  const client = await findClient(realm, client_id)
  const { lang } = chooseMessages([], header(http, 'accept-language'))
  const words = client && scopeViews(client, scopes as readonly string[], lang)
  const view = client && clientView(client, lang)
  return {
    _id: client_id,
    _rev: item.rev,
    name: view?.name ?? client_id,
    scopes: Object.fromEntries((words ?? []).map(({ name, text }) => [name, text ?? name])),
    expiryDateTime,
    ...(view?.logo_uri ? { logoUri: view.logo_uri } : {}),
  }
}
