import type { JsonObject } from '../base/json.ts'
import type { Realm } from '../realm/realm.ts'
import { exchange } from './exchange.ts'
import type { Party } from './push.ts'
import { proofOf } from './request.ts'
import type { Step } from './step.ts'

/** Whose push it was. */
interface Pusher {
  /** `alpha`. */
  readonly realm: string
  readonly client_id: string
}

/**
 * What the server says became of a push, by its `request_uri` or by the name of the request that was
 * refused; it tells a client about its own by its credentials. Nothing where the client has none, or
 * where no history is kept.
 */
export async function explained(
  { fetch }: Realm,
  { baseUrl, credentials }: Pick<Party, 'baseUrl' | 'credentials'>,
  { realm, client_id }: Pusher,
  asked: JsonObject,
): Promise<readonly Step[]> {
  const { headers, hidden = [] } = proofOf(client_id, credentials)
  if (headers.authorization === undefined) return []
  const made = await exchange(fetch, {
    url: `${baseUrl}/am/json/realms/root/realms/${realm}/parapet?_action=explain`,
    headers: { ...headers, 'accept-api-version': 'resource=1.0', 'x-requested-with': 'demo' },
    hidden,
    json: asked,
  })
  if (made.answer?.status !== 200) return []
  return [{ title: 'What became of it, as the server tells', exchange: made }]
}
