import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import type { Change } from '../../config/kind.ts'
import { difference, mostOperations, operate } from '../../config/patch/patch.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { lost, untilSaved } from '../../store/update.ts'
import { crestError } from './crest.ts'
import { readJson } from './json-body.ts'
import type { View } from './resource.ts'
import { savedAnswer } from './resource.ts'

/**
 * Changes the one of this URL by a list of operations, in their order; all of them or none. What another
 * change made meanwhile stays, unless the request says which revision it means.
 */
export async function patchResource(
  view: View,
  realm: Realm,
  http: HttpRequest,
  id: string,
  change: Change,
): Promise<HttpResponse> {
  const list = readJson(http)
  if (!Array.isArray(list) || list.length > mostOperations)
    throw new OAuthError(
      'bad_request',
      `The body must be a list of at most ${mostOperations} operations`,
    )
  const { condition } = change
  return untilSaved('what is patched', `${realm.path} ${view.kind.name} ${id}`, async () => {
    const item = await view.kind.read(realm, id)
    if (item === undefined) return crestError(404)
    const obstacle = condition.obstacle(item.rev)
    if (obstacle !== undefined) return savedAnswer(view, { outcome: obstacle }, '')
    const before = view.alone(item)
    const input = difference(before, (list as readonly Json[]).reduce<JsonObject>(operate, before))
    const exact = { obstacle: sameAs(item.rev), strict: true }
    const saved = await view.kind.save(realm, item.id, input, { ...change, condition: exact })
    return saved.outcome === 'stale' && !condition.strict ? lost : savedAnswer(view, saved, '')
  })
}

function sameAs(expected: string) {
  return (rev: string | undefined) => (rev === expected ? undefined : 'stale')
}
