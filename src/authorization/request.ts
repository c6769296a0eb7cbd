import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import type { Terms } from '../client/terms.ts'
import type {
  AuthorizationParameters,
  AuthorizationRequest,
  KeptAsSent,
  PushedDecision,
} from '../protocol/authorization-request.ts'
import { keptAsSent } from '../protocol/authorization-request.ts'
import type { Realm } from '../realm/realm.ts'
import { acrOfClaims } from './acr.ts'
import { verifyHint } from './hint.ts'
import { pushedDecision } from './pushed-decision.ts'
import type { Destination } from './redirection.ts'
import { checkResponseMode } from './redirection.ts'
import {
  checkChallenge,
  checkClaims,
  checkResponseType,
  checkScope,
  refuseUnsupported,
  requireJourney,
  requireSigned,
} from './rules.ts'

/**
 * The only maker of an `AuthorizationRequest`: every rule of a request that holds whoever the user
 * is, the same for a pushed one and one that comes through the browser (RFC 9126 §2.1 step 3).
 */
export function validateAuthorizationRequest(
  realm: Realm,
  client: Client,
  parameters: AuthorizationParameters,
  redirection: Destination,
  signed_by?: string,
): Ready<AuthorizationRequest> {
  refuseUnsupported(parameters)
  const { id_token_hint, csrf } = parameters
  const hint = id_token_hint === undefined ? undefined : verifyHint(realm, client, id_token_hint)
  return whenReady(hint, (hint_sub) => {
    const decision =
      csrf === undefined ? undefined : pushedDecision(realm, redirection, parameters, csrf)
    return assemble(realm, client, parameters, redirection, { hint_sub, decision, signed_by })
  })
}

/** What was proven when the request came, and is not proven again. */
interface Proven {
  readonly hint_sub: string | undefined
  readonly decision: PushedDecision | undefined
  readonly signed_by: string | undefined
}

/** The rules, each for what is there, and the request that they leave. */
export function assemble(
  realm: Realm,
  client: Client,
  parameters: AuthorizationParameters,
  redirection: Destination,
  { hint_sub, decision, signed_by }: Proven,
): AuthorizationRequest {
  const { terms } = redirection
  requireSigned(terms, signed_by)
  const type = checkResponseType(terms, parameters.response_type)
  if (parameters.response_mode !== undefined) checkResponseMode(type, parameters.response_mode)
  const scope = checkScope(realm, client, terms, type, parameters)
  const code_challenge_method = checkChallenge(terms, type, parameters)
  const claims = parameters.claims && checkClaims(realm, parameters.claims)
  if (parameters.service !== undefined) requireJourney(realm, parameters.service)
  const acr = claims && acrOfClaims(claims)
  const request: Making = {
    client_id: client.client_id,
    response_type: type.name,
    redirect_uri: redirection.redirect_uri,
    redirect_uri_sent: parameters.redirect_uri !== undefined,
    response_mode: redirection.response_mode,
    scope,
    prompt: parameters.prompt ?? [],
    acr_values: acr?.values ?? parameters.acr_values ?? terms.default_acr_values,
    acr_essential: acr?.essential ?? false,
  }
  const told: Told = {
    code_challenge: parameters.code_challenge,
    code_challenge_method,
    max_age: effectiveMaxAge(terms, client, parameters.max_age),
    claims,
    hint_sub,
    decision,
    signed_by,
  }
  addPresent(request, told)
  keep(parameters, request)
  return request as AuthorizationRequest
}

/** A request whose members are still being added; only the mark of a validated one is not there. */
type Making = { -readonly [K in keyof AuthorizationRequest as K & string]: AuthorizationRequest[K] }

/** What rules decided and may have left out: each has to be told. */
type Told = {
  readonly [K in keyof Making as K extends KeptAsSent
    ? never
    : object extends Pick<Making, K>
      ? K
      : never]-?: Making[K] | undefined
}

/** Adds the members that are there: every spread of one that may be absent would cost an object. */
export function addPresent<T extends object>(
  to: T,
  told: { readonly [K in keyof T]?: T[K] | undefined },
): void {
  for (const name in told) if (told[name] !== undefined) to[name] = told[name]
}

/** C-32: 0 always counts; above it AM's floor in its own profile. */
function effectiveMaxAge(
  { max_age_floor }: Terms,
  client: Client,
  sent: number | undefined,
): number | undefined {
  const max_age = sent ?? (client.defaultMaxAgeEnabled ? client.default_max_age : undefined)
  if (max_age === undefined || max_age === 0) return max_age
  return Math.max(max_age, max_age_floor)
}

type Sent = { -readonly [K in KeptAsSent]?: AuthorizationParameters[K] }

/** Takes over what is kept as it was sent. */
export function keep(from: Sent, to: Sent): void {
  for (const name of keptAsSent) keepOne(name, from, to)
}

function keepOne<K extends KeptAsSent>(name: K, from: Pick<Sent, K>, to: Pick<Sent, K>): void {
  const value = from[name]
  if (value !== undefined) to[name] = value
}
