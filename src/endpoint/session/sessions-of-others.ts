import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Change, Item } from '../../config/kind.ts'
import { anyState } from '../../config/kind.ts'
import { listPage } from '../../config/page/list-page.ts'
import { endSessionsOfUser, sessionKind } from '../../config/session.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { asAdministrator } from '../admin/administrator.ts'
import { crestError } from '../serve/crest.ts'
import { crestList, pick, readCollectionQuery } from '../serve/crest-query.ts'
import { readJsonBody } from '../serve/json-body.ts'

/** What an administrator may ask about the sessions of others. */
type Work = (realm: Realm, http: HttpRequest, change: Change) => Promise<HttpResponse>

/** What `_action` may name for administrators alone (PingAM: managing-sessions-REST). */
const actions: ReadonlyMap<string, Work> = new Map<string, Work>([
  ['logoutByHandle', logoutByHandle],
  ['logoutByUser', logoutByUser],
])

/** What is to be done for administrators alone; undefined for what whoever holds a token may ask. */
export function administered(http: HttpRequest): Work | undefined {
  if (http.method !== 'POST') return listed
  return actions.get(readQuery(http).get('_action') ?? '')
}

/**
 * Does it after all checks of an administrator's work. Web origins may call the rest of this URL, with
 * the browser's cookies even; to this they have no right (C-28).
 */
export async function asAdministratorHere(
  realm: Realm,
  http: HttpRequest,
  work: Work,
  versions: readonly string[],
): Promise<HttpResponse> {
  const origin = header(http, 'origin')
  if (origin !== undefined && origin !== http.origin) return crestError(403, 'Access Denied')
  return asAdministrator(realm, http, (change) => work(realm, http, change), versions)
}

/** `username eq "…"`, and `realm eq "…"` where it is a realm below. */
async function listed(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const query = readCollectionQuery(readQuery(http))
  const found = await listPage(realm, sessionKind, query)
  if (found.outcome === 'unsupported') return crestError(400, found.text)
  if (found.outcome === 'too-many') return crestError(400, 'Too many sessions')
  return crestList(
    found.items.map((item) => pick(shown(item), query.fields)),
    found.cookie,
  )
}

/** As PingAM lists one: it has a handle in place of an id. */
function shown({ value }: Item): JsonObject {
  const { device: _device, address: _address, creationTime: _created, ...rest } = value
  return rest
}

const mostHandles = 1000

async function logoutByHandle(
  realm: Realm,
  http: HttpRequest,
  change: Change,
): Promise<HttpResponse> {
  const handles = member(readJsonBody(http), 'sessionHandles')
  if (!isTexts(handles) || handles.length > mostHandles)
    return missing('sessionHandles', `a list of at most ${mostHandles} handles`)
  const ended = await Promise.all(
    handles.map(async (handle) => {
      const removed = await sessionKind.remove(realm, handle, { ...change, condition: anyState })
      return [handle, removed.outcome === 'removed'] as const
    }),
  )
  return json(200, { result: Object.fromEntries(ended) })
}

/** One write, however many there are. The user’s applications go on. */
async function logoutByUser(
  realm: Realm,
  http: HttpRequest,
  { by }: Change,
): Promise<HttpResponse> {
  const username = member(readJsonBody(http), 'username')
  if (typeof username !== 'string') return missing('username', 'a user name')
  return json(200, { result: await endSessionsOfUser(realm, username, by) })
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function missing(name: string, wants: string): HttpResponse {
  return crestError(400, `The "${name}" field is not defined in the request body: it is ${wants}`)
}
