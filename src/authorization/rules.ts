/** Rules of what a plain request does not have, or is not refused for. */
import type { JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import type { Terms } from '../client/terms.ts'
import { demand } from '../client/terms.ts'
import { findJourney } from '../journey/find.ts'
import { OAuthError } from '../protocol/error.ts'
import type { ResponseType } from '../protocol/response-type.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'

export type ChallengeMethod = 'S256' | 'plain'

const withPlain: readonly ChallengeMethod[] = ['plain', 'S256']
const withoutPlain: readonly ChallengeMethod[] = ['S256']

/** What a challenge may be made by (RFC 7636 §4.2): of a client, or of whoever a realm offers it to. */
export function challengeMethods({ plain_challenge }: Terms): readonly ChallengeMethod[] {
  return plain_challenge ? withPlain : withoutPlain
}

/** RFC 7636 §4.3: who names no method has asked for `plain`, mostly without knowing it. */
export function plainRefusal(named: boolean): OAuthError {
  const says = named
    ? 'The code_challenge_method plain is not allowed: S256 is required'
    : "Missing parameter, 'code_challenge_method': without it plain is meant, and S256 is required"
  return new OAuthError('invalid_request', says, {
    why: named ? 'plain-challenge' : 'plain-challenge-by-default',
    parameter: 'code_challenge_method',
  })
}

/**
 * RFC 9449 §10: a key that is named ties the code to it. An access token of the same answer would be tied to none, and
 * whoever names a key believes it is.
 */
export function refuseTokenBeside(response_type: ResponseType['name']): void {
  if (responseTypeOf.get(response_type)?.issues.includes('token') !== true) return
  throw new OAuthError('invalid_request', 'dpop_jkt is for a code, not for an access token', {
    why: 'dpop-jkt-with-token',
    parameter: 'dpop_jkt',
  })
}

/**
 * RFC 8705 §3.4: a code that is tied to a DPoP key would yield nothing to a client whose tokens are tied to its certificate
 * alone: so it is said before anybody logs in for it.
 */
export function refuseKeyOfAnother(terms: Terms): void {
  demand(
    terms,
    'required_binding',
    ({ required_binding }) => required_binding === 'mtls',
    () =>
      new OAuthError(
        'invalid_request',
        'Tokens are tied to the client certificate, not to a DPoP key',
        {
          why: 'dpop-jkt-beside-certificate',
          parameter: 'dpop_jkt',
        },
      ),
  )
}

/** PingAM: oauth2-parameters: `service` picks among the journeys that the realm has (C-16). */
export function requireJourney(realm: Realm, service: string): void {
  if (findJourney(realm, service) === undefined)
    throw new OAuthError('invalid_request', 'Invalid parameter service', { why: 'journey-unknown' })
}

/** OIDC Core §5.5: both members and all of theirs are null or objects; the unknown is ignored. */
export function checkClaims(realm: Realm, claims: JsonObject): JsonObject | undefined {
  if (!realm.provider.claimsParameterSupported) return undefined
  for (const part of ['userinfo', 'id_token']) {
    const wanted = Object.hasOwn(claims, part) ? claims[part] : undefined
    if (wanted === undefined || wanted === null) continue
    const sound = isObject(wanted) && Object.values(wanted).every((v) => v === null || isObject(v))
    if (!sound) {
      throw new OAuthError('bad_request', 'Invalid JSON in supplied claims parameter.', {
        why: 'claims-malformed',
      })
    }
  }
  return claims
}
