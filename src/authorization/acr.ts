import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { findJourney } from '../journey/find.ts'
import type { Realm } from '../realm/realm.ts'

/** Authentication context classes a request wants. */
export interface WantedAcr {
  readonly values: readonly string[]
  /** OIDC Core §5.5.1.1: without one of them the authentication has failed. */
  readonly essential: boolean
}

/** What `claims.id_token.acr` says, if anything; it comes before `acr_values`. */
export function acrOfClaims(claims: JsonObject): WantedAcr | undefined {
  const idToken = member(claims, 'id_token')
  const acr = isObject(idToken) ? member(idToken, 'acr') : undefined
  if (!isObject(acr)) return undefined
  const one = member(acr, 'value')
  const many = member(acr, 'values')
  const listed: readonly unknown[] = Array.isArray(many) ? [one, ...(many as Json[])] : [one]
  const values = listed.filter((v) => typeof v === 'string')
  return values.length === 0 ? undefined : { values, essential: member(acr, 'essential') === true }
}

/**
 * The first wanted value that names a journey there is, with that journey (PingAM:
 * oidc-authentication-requirements). Where a client's users always log in by one `tree`, only values
 * that name it can ever be met.
 */
export function mappedAcr(
  realm: Realm,
  values: readonly string[],
  tree: string,
): { readonly acr: string; readonly journey: string } | undefined {
  for (const acr of values) {
    const journey = journeyOf(realm, acr)
    if (journey !== undefined && (tree === '' || tree === journey)) return { acr, journey }
  }
  return undefined
}

/** acr values that lead to a journey which the realm has. */
export function servedAcrValues(realm: Realm): readonly string[] {
  return Object.keys(realm.provider.loaMapping).filter((acr) => journeyOf(realm, acr) !== undefined)
}

function journeyOf(realm: Realm, acr: string): string | undefined {
  const mapping = realm.provider.loaMapping
  const journey = Object.hasOwn(mapping, acr) ? mapping[acr] : undefined
  return journey === undefined ? undefined : findJourney(realm, journey)?.name
}
