import { isDeepStrictEqual } from 'node:util'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { ofOperator } from '../../config/authority.ts'
import { keptKind } from '../../config/kept/document.ts'
import { keptOfIdm } from '../../config/kept/path.ts'
import type { Change } from '../../config/kind.ts'
import { anyState } from '../../config/kind.ts'
import { oauth2ProviderKind } from '../../config/oauth2-provider.ts'
import { problemLine } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import { crestError, invalidValues } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonDocument } from '../serve/json-body.ts'
import { administered, ofIdm } from './administered.ts'
import { readPolicy, showPolicy } from './field-policy.ts'

/** What passwords of a realm have to be (PingIDM: `fieldPolicy/alpha_user`): its own settings in PingIDM's words. */
export const passwordPolicy: Endpoint = {
  ...ofIdm,
  path: '/config/fieldPolicy/user',
  methods: ['GET', 'PUT'],
  handle: (realm, http) =>
    administered(realm, http, async (change) =>
      http.method === 'GET' ? json(200, await shown(realm)) : put(realm, http, change),
    ),
}

/** PingIDM's name for the people of a realm. */
function peopleOf({ path }: Realm): string {
  return path === '/' ? 'user' : `${path.slice(1)}_user`
}

/** Where what somebody put beside the realm's own rules is kept: with the server's other configuration. */
async function placeOf(realm: Realm): Promise<readonly [root: Realm, path: string] | undefined> {
  const root = await realm.root()
  return root && [root, `${keptOfIdm}/fieldPolicy/${peopleOf(realm)}`]
}

async function shown(realm: Realm): Promise<JsonObject> {
  const place = await placeOf(realm)
  const kept = place && (await keptKind.read(...place))
  const stored = await oauth2ProviderKind.read(realm, '')
  const own = stored && member(oauth2ProviderKind.show(stored.value), 'parapetConfig')
  const settings = { ...realm.provider, ...(isObject(own) ? own : {}) } as Realm['provider']
  return showPolicy(settings, peopleOf(realm), kept?.value)
}

/** Rules that a realm has are set; one that it has not is named, and kept by whoever administers the server as a whole. */
async function put(realm: Realm, http: HttpRequest, change: Change): Promise<HttpResponse> {
  const document = readJsonDocument(http)
  const { settings, unserved } = readPolicy(document)
  const before = await oauth2ProviderKind.read(realm, '')
  const place = await placeOf(realm)
  if (before === undefined || place === undefined) return crestError(404)
  const value = oauth2ProviderKind.show(before.value)
  const own = member(value, 'parapetConfig')
  const input = { ...value, parapetConfig: { ...(isObject(own) ? own : {}), ...settings } }
  if (!isDeepStrictEqual({ ...realm.provider, ...settings }, realm.provider)) {
    const saved = await oauth2ProviderKind.save(realm, '', input, {
      ...change,
      condition: anyState,
    })
    if (saved.outcome === 'invalid') return invalidValues(saved.problems.map(problemLine))
    if (!('item' in saved)) return crestError(409)
  }
  const any = { ...change, condition: anyState }
  if (unserved.length === 0) await keptKind.remove(...place, any)
  else if (ofOperator(change)) await keptKind.save(...place, document, any)
  const beside = unserved.length === 0 ? {} : { parapet: { unserved } }
  return json(200, { ...(await shown(realm)), ...beside })
}
