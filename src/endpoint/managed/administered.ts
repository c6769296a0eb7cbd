import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { mediaType } from '../../base/http.ts'
import type { Realm } from '../../realm/realm.ts'
import { asAdministrator } from '../admin/administrator.ts'

/** What the URLs of everything that administrators manage as PingIDM has it have in common. */
export const ofIdm = { under: 'openidm', errors: 'crest', cors: false, always: true } as const

type Work = Parameters<typeof asAdministrator>[2]

/** PingIDM asks for no version; what it needs against requests of other sites is JSON, which no form can send. */
export function administered(realm: Realm, http: HttpRequest, work: Work): Promise<HttpResponse> {
  const safe = http.method !== 'POST' || mediaType(http) === 'application/json'
  const headers = safe ? { 'x-requested-with': 'JSON', ...http.headers } : http.headers
  return asAdministrator(realm, { ...http, headers }, work)
}
