import type { Form } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { authenticateClient } from '../../client/authenticate.ts'
import type { Client } from '../../client/client.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { readJsonBody } from './json-body.ts'

/** Members of a JSON body by which a client proves itself, as it does at `/par`. */
const credentials = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']

/** Whether a client calls what administrators may call too; whoever has a session beside it asks as the client. */
export function isClientCall(http: HttpRequest): boolean {
  if (header(http, 'authorization')?.toLowerCase().startsWith('basic ') === true) return true
  return http.body.length > 0 && member(readJsonBody(http), 'client_id') !== undefined
}

/** @throws OAuthError invalid_client. */
export async function provenClient(
  realm: Realm,
  http: HttpRequest,
  body: JsonObject,
): Promise<Client> {
  const form: Map<string, string> & Form = new Map()
  for (const name of credentials) {
    const value = member(body, name)
    if (typeof value === 'string') form.set(name, value)
  }
  const { client, singleUse } = await authenticateClient(realm, http, form)
  await singleUse?.spend()
  if (client.clientType === 'Public') {
    const reason = 'a public client proves nothing'
    throw new OAuthError('invalid_client', 'Client authentication failed', { status: 401, reason })
  }
  return client
}
