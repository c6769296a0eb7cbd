import type { Interaction } from '../../authorization/interaction.ts'
import type { RedirectionEndpoint, RedirectionParameters } from '../../authorization/redirection.ts'
import { proveRedirection } from '../../authorization/redirection.ts'
import { isJwtMode } from '../../authorization/response-mode/index.ts'
import { revalidate } from '../../authorization/revalidate.ts'
import { event } from '../../base/log.ts'
import type { Ready } from '../../base/ready.ts'
import type { AuthorizationRecord, Found, Unanswered } from '../../grant/record.ts'
import { holderIn, isUnanswered, requestIn, schema } from '../../grant/record.ts'
import { registeredNames } from '../../page/client-view.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { timeDifference } from '../../protocol/difference/text.ts'
import type { ErrorDetail } from '../../protocol/error.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import { backLink } from './send.ts'
import { requireUnpushedAllowed } from './unpushed.ts'
import type { Visit } from './visit.ts'

/**
 * C-2: two clocks, and who may go on. Until `redeem_by` any browser may, then one that holds the
 * interaction's cookie; once somebody who is logged in was asked, only that browser or that session.
 *
 * @throws OAuthError invalid_request_uri, for a page.
 */
export async function requireOpen(
  visit: Visit,
  found: Found,
  heldInteraction: Interaction | undefined,
): Promise<Unanswered> {
  const over = isUnanswered(found) ? overFor(visit, found, heldInteraction) : spent
  if (over === undefined && isUnanswered(found)) return found
  const { why, text, fate, differs } = over ?? spent
  throw invalidReference(why, text, {
    fate,
    ...(differs === undefined ? {} : { differs }),
    ...(await wayBack(visit, found.record, heldInteraction)),
  })
}

/** Why a reference does not work, or not for this browser. */
interface Over {
  readonly why: ReasonName
  readonly text: string
  readonly fate: 'spent' | 'expired'
  readonly differs?: string
}

const spent: Over = {
  why: 'request-uri-spent',
  text: 'The request_uri has been used.',
  fate: 'spent',
}

function overFor(
  { realm, client, session }: Visit,
  { record }: Unanswered,
  heldInteraction: Interaction | undefined,
): Over | undefined {
  const { state } = record
  const heldBy = holderIn(record)
  const now = realm.now()
  const late = now >= record.redeem_by
  const over = record.state === 'opened' && now >= record.interaction_by
  const mine =
    heldBy !== undefined && (heldBy.nonce === heldInteraction?.nonce || heldBy.sid === session?.sid)
  if (over || (late && (state === 'pushed' || (heldInteraction === undefined && !mine)))) {
    return {
      why: 'request-uri-expired',
      text: 'The request_uri has expired.',
      fate: 'expired',
      differs: timeDifference(now - (over ? record.interaction_by : record.redeem_by)),
    }
  }
  if (heldBy === undefined || mine) return undefined
  event('request_uri.other_browser', { realm: realm.path, client_id: client.client_id }, 'warn')
  return {
    why: 'request-uri-other-browser',
    text: 'The request_uri is in use in another browser.',
    fate: 'spent',
  }
}

/** Nothing is kept any more of a genuine reference (C-2c). */
export function goneReference({ client }: Visit): OAuthError {
  return invalidReference('request-uri-gone', 'The request_uri has expired.', {
    fate: 'expired',
    ...home(client),
  })
}

/** RFC 9101 §7, on a page that says what happened. */
export function invalidReference(
  why: ReasonName,
  text: string,
  detail: Pick<ErrorDetail, 'fate' | 'back' | 'backTo' | 'differs'> = {},
): OAuthError {
  return new OAuthError('invalid_request_uri', text, {
    why,
    parameter: 'request_uri',
    ...detail,
  })
}

/** Where the answer goes is proven at every visit; its issuer is the one of the push (C-19). */
export function proveAgain(
  { realm, client }: Visit,
  request: AuthorizationRequest,
  issuer: string,
): RedirectionEndpoint {
  const { redirect_uri, redirect_uri_sent, response_type, response_mode, state, ui_locales } =
    request
  const proven = proveRedirection(realm, client, {
    response_type,
    response_mode,
    ...(redirect_uri_sent ? { redirect_uri } : {}),
    ...(state === undefined ? {} : { state }),
    ...(ui_locales === undefined ? {} : { ui_locales }),
  })
  return { ...proven, issuer }
}

/**
 * RFC 9126 §4: what was validated at the push counts as long as realm, client and form of the record
 * are the same; else it is validated again.
 */
export function referencedRequest(
  { realm, client }: Visit,
  { validatedUnder, v, by_value }: AuthorizationRecord,
  request: AuthorizationRequest,
  redirection: RedirectionEndpoint,
): Ready<AuthorizationRequest> {
  const same =
    v === schema && validatedUnder[0] === realm.version && validatedUnder[1] === client.version
  // Which resources there are stands in none of these versions.
  if (same && request.resource === undefined) return request
  if (by_value) requireUnpushedAllowed(realm, client)
  return revalidate(realm, client, request, redirection)
}

/**
 * C-2c: a link back to where the answer would have gone, if that is still the client's address, and a JWT
 * where the answer would have been one. The client's `state` is only for the browser that holds the
 * interaction.
 */
async function wayBack(
  { realm, client }: Visit,
  record: AuthorizationRecord,
  heldInteraction: Interaction | undefined,
): Promise<WayBack> {
  const { redirect_uri, issuer } = record
  const heldBy = holderIn(record)
  const holds =
    heldInteraction !== undefined &&
    (heldBy === undefined || heldBy.nonce === heldInteraction.nonce)
  const state = holds ? requestIn(record)?.state : undefined
  try {
    const proven = proveRedirection(realm, client, { redirect_uri, ...linkMode(record) })
    const back = await backLink(realm, { ...proven, issuer, state }, 'invalid_request_uri')
    return { back, backTo: registeredNames(client) }
  } catch (error) {
    if (error instanceof OAuthError) return home(client)
    throw error
  }
}

/** A link cannot post: what would have been a form is a query here, too. */
function linkMode(record: AuthorizationRecord): Pick<RedirectionParameters, 'response_mode'> {
  const answer = record.state === 'issued' || record.state === 'denied' ? record.answer : undefined
  const asked = requestIn(record)?.response_mode ?? answer?.response_mode
  if (asked === undefined || !isJwtMode(asked)) return {}
  return { response_mode: asked === 'fragment.jwt' ? asked : 'query.jwt' }
}

/** The client's own page, from `uri` or `locale|uri`. */
function home(client: Visit['client']): WayBack {
  const [first] = client.client_uri
  if (first === undefined) return {}
  return { back: first.slice(first.indexOf('|') + 1), backTo: registeredNames(client) }
}

type WayBack = Pick<ErrorDetail, 'back' | 'backTo'>
