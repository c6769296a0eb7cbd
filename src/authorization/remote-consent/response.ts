import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Client } from '../../client/client.ts'
import type { RemoteConsentAgent } from '../../client/remote-consent/agent.ts'
import { requestObjectDecryption, verifyRequestObject } from '../../client/request-object-rules.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { detailOf } from '../../details/detail.ts'
import { checkClaims } from '../../jose/jwt.ts'
import { readNested } from '../../jose/nested.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import type { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'
import { skew } from '../object-claims.ts'
import { responseAlgorithms } from './agent.ts'
import { provenCsrf } from './mark.ts'
import type { ResponseFault } from './reason.ts'
import { faultOf } from './reason.ts'

/** What a service was asked, as far as its answer must fit it. */
export interface Answered {
  readonly client: Client
  readonly request: AuthorizationRequest
  readonly session: Session
  readonly subjectId: string
  /** The error of an answer that cannot be taken. */
  readonly refuse: (why: ResponseFault, reason: string) => OAuthError
}

/** What the user answered there, proven. */
export interface RemoteAnswer {
  readonly allow: boolean
  readonly save: boolean
  /** What is left of the request: what was asked, or less. */
  readonly scope: readonly string[]
  readonly claims: JsonObject | undefined
  /** Which authorization details are left, by their places; absent: none were asked for. */
  readonly details?: readonly number[]
  readonly singleUse: SingleUse
  /** By which it is known again. */
  readonly digest: string
}

/** Seconds an answer may count at most, whatever it says. */
const longestLife = 3600

/**
 * Reads a `consent_response` (PingAM: remote-consent): opened, verified by the agent's own keys, and held
 * against what was asked.
 *
 * @throws OAuthError what `refuse` makes of a fault.
 */
export async function readConsentResponse(
  realm: Realm,
  agent: RemoteConsentAgent,
  token: string,
  answered: Answered,
): Promise<RemoteAnswer> {
  const claims = await verifiedClaims(realm, agent, token, answered)
  const { refuse, client, session, subjectId } = answered
  const used = (): OAuthError => refuse('remote-consent-replayed', 'consent_response used before')
  const csrf = member(claims, 'csrf')
  const about = { session, subjectId, agent: agent.id }
  const singleUse = typeof csrf === 'string' ? provenCsrf(realm, about, csrf, used) : undefined
  if (singleUse === undefined) throw refuse('remote-consent-csrf', 'csrf')
  if (member(claims, 'clientId') !== client.client_id)
    throw refuse('remote-consent-party', 'clientId is another one')
  const username = member(claims, 'username')
  if (username !== undefined && username !== session.username)
    throw refuse('remote-consent-party', 'username is another one')
  const decision = member(claims, 'decision')
  if (typeof decision !== 'boolean') throw refuse('remote-consent-decision', 'decision')
  const proven = { singleUse, digest: responseDigest(token) }
  if (!decision) return { allow: false, save: false, scope: [], claims: undefined, ...proven }
  return {
    allow: true,
    save: member(claims, 'save_consent') === true,
    scope: scopeOf(claims, answered),
    claims: claimsLeft(member(claims, 'claims'), answered),
    ...detailsLeft(member(claims, 'authorization_details'), answered),
    ...proven,
  }
}

/** What is kept of a `consent_response`, so that it is known when it comes once more. */
export function responseDigest(token: string): string {
  return hash('sha256', token, 'base64url')
}

/** A request as it was allowed: with less, where the answer of a service left something out. */
export function allowedOf(
  request: AuthorizationRequest,
  remote: RemoteAnswer | undefined,
): AuthorizationRequest {
  if (remote === undefined) return request
  const { claims: _, ...others } = request
  const scope = request.scope.filter((name) => remote.scope.includes(name))
  return { ...others, scope, ...(remote.claims === undefined ? {} : { claims: remote.claims }) }
}

async function verifiedClaims(
  realm: Realm,
  agent: RemoteConsentAgent,
  token: string,
  { refuse }: Answered,
): Promise<JsonObject> {
  const { party, id } = agent
  const algorithms = responseAlgorithms(realm, agent)
  const nested = await readNested(token, requestObjectDecryption(realm, party), algorithms)
  if (!nested.ok) throw refuse(faultOf(nested.reason), nested.reason)
  // Before any key is looked for: what is not allowed fetches nothing.
  if (!algorithms.signing.some((alg) => alg === nested.jws.alg))
    throw refuse('remote-consent-signature', 'the alg is not allowed')
  const verdict = await verifyRequestObject(realm, party, nested.jws, algorithms.signing)
  if (!verdict.ok) throw refuse(faultOf(verdict.reason), verdict.reason)
  const claims = checkClaims(verdict.claims, {
    now: realm.timeOfDay(),
    skew,
    required: ['iss', 'aud', 'exp'],
    issuers: [id],
    audience: { values: [realm.issuer], form: 'only' },
    maxLifetime: longestLife,
    madeAfter: realm.accepted,
  })
  if (!claims.ok) throw refuse(faultOf(claims.reason), claims.reason)
  return verdict.claims
}

/** What was allowed of what was asked, in the order of the request. */
function scopeOf(claims: JsonObject, { request, refuse }: Answered): readonly string[] {
  const scopes = member(claims, 'scopes')
  const named = textsIn(scopes)
  if (named === undefined) throw refuse('remote-consent-scopes', 'scopes is no list of texts')
  if (named.some((name) => !request.scope.includes(name)))
    throw refuse('remote-consent-scopes', 'scopes has what was not asked for')
  const left = request.scope.filter((name) => named.includes(name))
  const lacking =
    (left.length === 0 && request.scope.length > 0) ||
    (request.response_type.includes('id_token') && !left.includes('openid'))
  if (lacking) throw refuse('remote-consent-scopes', 'scopes leaves nothing to answer with')
  return left
}

function textsIn(value: Json | undefined): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const list = value as readonly Json[]
  return list.every((each) => typeof each === 'string') ? list : undefined
}

/**
 * Which of the details that were asked for the answer has, each once. A service that says nothing of them has shown
 * nobody any: then none of them is left.
 */
function detailsLeft(
  said: Json | undefined,
  { request, refuse }: Answered,
): Pick<RemoteAnswer, 'details'> {
  const { authorization_details: texts } = request
  const list: readonly Json[] = Array.isArray(said) ? said : []
  if (texts === undefined && list.length === 0) return {}
  const asked = (texts ?? []).map(detailOf)
  const details: number[] = []
  for (const each of list) {
    const i = asked.findIndex(
      ({ value }, place) => !details.includes(place) && isDeepStrictEqual(value, each),
    )
    if (i < 0) throw refuse('remote-consent-claims', 'authorization_details were not asked for')
    details.push(i)
  }
  return { details }
}

const parts = ['id_token', 'userinfo'] as const

/** The claims request with what the answer names of it; all of it where the answer says nothing of claims. */
function claimsLeft(said: Json | undefined, { request, refuse }: Answered): JsonObject | undefined {
  const asked = request.claims
  if (said === undefined) return asked
  if (!isObject(said)) throw refuse('remote-consent-claims', 'claims is no object')
  const left = Object.keys(said).map((part) => {
    const wanted = asked === undefined ? undefined : member(asked, part)
    const named = member(said, part)
    const known = parts.some((each) => each === part)
    if (!known || !isObject(wanted) || !isObject(named))
      throw refuse('remote-consent-claims', 'claims has what was not asked for')
    const names = Object.keys(named)
    if (names.some((name) => !Object.hasOwn(wanted, name)))
      throw refuse('remote-consent-claims', 'claims has what was not asked for')
    return [part, Object.fromEntries(Object.entries(wanted).filter(([n]) => names.includes(n)))]
  })
  return asked && (Object.fromEntries(left) as JsonObject)
}
