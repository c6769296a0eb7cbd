import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Client } from '../../client/client.ts'
import type { Grant } from '../../grant/record.ts'
import type { Realm } from '../../realm/realm.ts'
import type { ClaimsWanted } from '../../user/claims.ts'
import { claimsSuiting } from '../../user/claims.ts'
import { asTold } from '../told/subject.ts'
import { givenOf, outcomeOf, scriptFailure } from './given.ts'
import { ownClaims } from './own-claims.ts'

/** What an ID token or an answer says of itself is no script’s to say otherwise. */
const own = ownClaims('tokenType')

/** For whom claims are wanted, and which. */
interface Wanted {
  readonly scope: readonly string[]
  readonly wanted: ClaimsWanted
  /** PingAM: what the server says without a script. */
  readonly claims: JsonObject
  /** Where the request for them was sent to. */
  readonly requestUri: string
}

const purpose = {
  description: 'The claims of the user could not be told',
  what: 'OIDC claims',
} as const

/**
 * What the script of that id says of a user (PingAM: OIDC claims), protocol claims aside. Which values a request wants
 * of a claim the script is not told: it could do nothing with them but repeat them (OIDC Core §5.5, CVE-2025-64099).
 *
 * @throws OAuthError server_error where the script is not there or cannot do its work.
 */
export async function claimsOfScript(
  realm: Realm,
  client: Client,
  grant: Grant,
  id: string,
  { scope, wanted, claims, requestUri }: Wanted,
): Promise<JsonObject> {
  const { sub } = await asTold(realm, client, grant)
  const given: JsonObject = {
    ...(await givenOf(realm, client, grant, { requestUri })),
    scopes: scope,
    claims: { ...claims, sub },
    // A request says nothing of them that would be kept (OIDC Core §5.2: claims_locales).
    claimsLocales: [],
    requested: Object.entries(wanted ?? {}).map(([name, wish]) => ({
      name,
      essential: isObject(wish) && member(wish, 'essential') === true,
    })),
  }
  const told = member(await outcomeOf(realm, id, { kind: 'claims', given }, purpose), 'told')
  if (!isObject(told)) throw scriptFailure(purpose, `script ${id} gives no claims back`)
  const added = Object.entries(told).filter(([name, value]) => !own.has(name) && says(value))
  return claimsSuiting(Object.fromEntries(added), wanted)
}

/** OIDC Core §5.3.2: claims without a value are left out. */
function says(value: Json): boolean {
  return value !== null && value !== ''
}
