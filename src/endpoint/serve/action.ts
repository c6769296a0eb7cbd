import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import type { Change, Kind } from '../../config/kind.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { crestError } from './crest.ts'
import type { Inherits } from './crest-schema.ts'
import { crestSchema } from './crest-schema.ts'

/** One thing that a POST may ask for. */
export type Action = (realm: Realm, http: HttpRequest, change: Change) => Promise<HttpResponse>

/** What `_action` may name at a URL. */
export type Actions = ReadonlyMap<string, Action>

export async function act(
  actions: Actions,
  realm: Realm,
  http: HttpRequest,
  change: Change,
): Promise<HttpResponse> {
  const action = actions.get(readQuery(http).get('_action') ?? '')
  return action?.(realm, http, change) ?? crestError(400, 'The action is not supported')
}

/** AM's `schema` and `template` of a kind: what its documents may hold, and one of defaults. */
export function formActions(
  kind: Kind,
  inherits?: Inherits,
): readonly (readonly [string, Action])[] {
  return [
    ['schema', async (realm) => json(200, crestSchema(kind.schema(realm), inherits))],
    ['template', async () => json(200, kind.show({}))],
  ]
}

/** The answer to an action that lists: without paging members. */
export function listed(result: readonly JsonObject[]): HttpResponse {
  return json(200, { result })
}

/** The same whoever asks. */
export function alwaysListed(result: readonly JsonObject[]): Action {
  return async () => listed(result)
}
