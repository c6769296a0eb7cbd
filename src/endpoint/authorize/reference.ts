import type { Interaction } from '../../authorization/interaction.ts'
import type { RedirectionEndpoint } from '../../authorization/redirection.ts'
import { proveRedirection } from '../../authorization/redirection.ts'
import { revalidate } from '../../authorization/revalidate.ts'
import { event } from '../../base/log.ts'
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
export function checkClocks(
  visit: Visit,
  found: Found,
  heldInteraction: Interaction | undefined,
): asserts found is Unanswered {
  const { realm, client, session } = visit
  const { record } = found
  const back = wayBack(visit, record, heldInteraction)
  if (!isUnanswered(found)) {
    throw invalidReference('request-uri-spent', 'The request_uri has been used.', {
      fate: 'spent',
      ...back,
    })
  }
  const { state } = record
  const heldBy = holderIn(record)
  const now = realm.now()
  const late = now >= record.redeem_by
  const over = record.state === 'opened' && now >= record.interaction_by
  const mine =
    heldBy !== undefined && (heldBy.nonce === heldInteraction?.nonce || heldBy.sid === session?.sid)
  if (over || (late && (state === 'pushed' || (heldInteraction === undefined && !mine)))) {
    throw invalidReference('request-uri-expired', 'The request_uri has expired.', {
      fate: 'expired',
      differs: timeDifference(now - (over ? record.interaction_by : record.redeem_by)),
      ...back,
    })
  }
  if (heldBy !== undefined && !mine) {
    event('request_uri.other_browser', { realm: realm.path, client_id: client.client_id }, 'warn')
    throw invalidReference(
      'request-uri-other-browser',
      'The request_uri is in use in another browser.',
      {
        fate: 'spent',
        ...back,
      },
    )
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
  const { redirect_uri, redirect_uri_sent, response_type, response_mode, state } = request
  const proven = proveRedirection(realm, client, {
    response_type,
    response_mode,
    ...(redirect_uri_sent ? { redirect_uri } : {}),
    ...(state === undefined ? {} : { state }),
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
): AuthorizationRequest {
  const same =
    v === schema && validatedUnder[0] === realm.version && validatedUnder[1] === client.version
  if (same) return request
  if (by_value) requireUnpushedAllowed(realm, client)
  return revalidate(realm, client, request, redirection)
}

/**
 * C-2c: a link back to where the answer would have gone, if that is still the client's address. The
 * client's `state` is only for the browser that holds the interaction.
 */
function wayBack(
  { realm, client }: Visit,
  record: AuthorizationRecord,
  heldInteraction: Interaction | undefined,
): WayBack {
  const { redirect_uri, issuer } = record
  try {
    proveRedirection(realm, client, { redirect_uri })
  } catch (error) {
    if (error instanceof OAuthError) return home(client)
    throw error
  }
  const heldBy = holderIn(record)
  const holds =
    heldInteraction !== undefined &&
    (heldBy === undefined || heldBy.nonce === heldInteraction.nonce)
  const state = holds ? requestIn(record)?.state : undefined
  const back = backLink(redirect_uri, 'invalid_request_uri', state, issuer)
  return { back, backTo: registeredNames(client) }
}

/** The client's own page, from `uri` or `locale|uri`. */
function home(client: Visit['client']): WayBack {
  const [first] = client.client_uri
  if (first === undefined) return {}
  return { back: first.slice(first.indexOf('|') + 1), backTo: registeredNames(client) }
}

type WayBack = Pick<ErrorDetail, 'back' | 'backTo'>
