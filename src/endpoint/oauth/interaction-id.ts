import type { HttpRequest } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import type { Client } from '../../client/client.ts'
import { termsOf } from '../../client/terms.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'

/** By which a client finds its call in the logs of others (FAPI 1.0 Baseline §6.2.1-11). */
export const interactionId = 'x-fapi-interaction-id'

/** What gives back the id that was sent, where the client's profile does; what is no UUID is not given back. */
export function givenBack(
  realm: Realm,
  client: Client,
  http: HttpRequest,
): Readonly<Record<string, string>> {
  const sent = header(http, interactionId)
  if (sent === undefined || !termsOf(realm, client).interaction_id) return {}
  const good = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(sent)
  return good ? { [interactionId]: sent } : {}
}

/** A refusal that gives it back too. */
export function refusedWithId(
  error: unknown,
  realm: Realm,
  client: Client,
  http: HttpRequest,
): unknown {
  if (!(error instanceof OAuthError)) return error
  const { code, description, detail } = error
  const headers = { ...detail.headers, ...givenBack(realm, client, http) }
  return new OAuthError(code, description, { ...detail, headers })
}
