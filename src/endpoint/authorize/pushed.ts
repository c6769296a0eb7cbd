import type { Interaction } from '../../authorization/interaction.ts'
import { newInteraction, readInteraction } from '../../authorization/interaction.ts'
import type { RedirectionEndpoint } from '../../authorization/redirection.ts'
import { proveRedirection } from '../../authorization/redirection.ts'
import { revalidate } from '../../authorization/request.ts'
import type { HttpResponse } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import { profileOf } from '../../client/client.ts'
import { storeKey } from '../../grant/handle.ts'
import { tombstoneExpiry } from '../../grant/lifetime.ts'
import { pushedHandle } from '../../grant/push.ts'
import type { AuthorizationRecord, Found } from '../../grant/record.ts'
import { findRecord, replaceRecord, schema, settle } from '../../grant/record.ts'
import type { AuthorizationRequest } from '../../spec/authorization-request.ts'
import { OAuthError } from '../../spec/error.ts'
import { act } from './act.ts'
import { backLink, withRedirection } from './send.ts'
import type { Visit } from './visit.ts'
import { livePrompt } from './visit.ts'

/**
 * A visit with a pushed request (RFC 9126 §4): handle, client, state and clocks, then whether what it
 * was validated under still holds. A failed check never changes the record (C-2b).
 */
export async function pushedVisit(visit: Visit, request_uri: string): Promise<HttpResponse> {
  const { realm } = visit
  const handle = pushedHandle(request_uri)
  if (handle === undefined) {
    throw new OAuthError(
      'request_uri_not_supported',
      'Request objects by reference are not supported.',
      {
        parameter: 'request_uri',
      },
    )
  }
  const found = await findRecord(realm, 'request_uri', handle)
  if (found === 'unknown') throw invalid('The request_uri is unknown.', {})
  if (found === 'gone') throw expired(visit)
  return settle(
    realm,
    found,
    (current) => visitRecord(visit, current),
    () => {
      throw expired(visit)
    },
  )
}

async function visitRecord(visit: Visit, found: Found): Promise<HttpResponse | undefined> {
  const { realm, client, session, http } = visit
  const { record } = found
  if (record.client_id !== client.client_id) throw foreignClient(visit)
  const about = storeKey(found.key)
  const held = readInteraction(realm, http, about)
  checkClocks(visit, record, held)
  const { request, redirection } = standing(visit, record)
  const interaction = held ?? newInteraction(realm, session?.sid ?? '')
  const opened =
    record.opened_at === undefined
      ? undefined
      : { at: record.opened_at, sid: record.opened_sid ?? '' }
  return withRedirection(realm, http, redirection, () =>
    act({
      visit,
      request,
      redirection,
      about,
      live: livePrompt(visit),
      opened,
      interaction,
      found,
      note: (step) => note(visit, found, step, interaction),
    }),
  )
}

/** C-2: two clocks, and who may go on. */
function checkClocks(
  { realm, session }: Visit,
  record: AuthorizationRecord,
  held: Interaction | undefined,
): void {
  const { state, bound } = record
  const back = wayBack(record, held)
  if (state !== 'pushed' && state !== 'opened') {
    throw invalid('The request_uri has been used.', { fate: 'spent', back })
  }
  const now = realm.now()
  const late = now >= record.redeem_by
  const over = state === 'opened' && now >= (record.interaction_by ?? 0)
  if (over || (late && (state === 'pushed' || held === undefined))) {
    throw invalid('The request_uri has expired.', { fate: 'expired', back })
  }
  if (bound !== undefined && bound.nonce !== held?.nonce && bound.sid !== session?.sid) {
    event('request_uri.other_browser', { realm: realm.path, client_id: record.client_id }, 'warn')
    throw invalid('The request_uri is in use in another browser.', { fate: 'spent', back })
  }
}

/** C-2c: a link back, with the client's `state` only for the browser that holds the interaction. */
function wayBack(record: AuthorizationRecord, held: Interaction | undefined): string {
  const state = held === undefined ? undefined : record.request?.state
  return backLink(record.redirect_uri, 'invalid_request_uri', state, record.issuer)
}

/**
 * RFC 9126 §4: what was validated at the push counts as long as realm, client and form of the record
 * are the same; else it is validated again. Where the answer goes is proven each time (C-19: the
 * issuer is the one of the push).
 */
function standing(
  { realm, client }: Visit,
  record: AuthorizationRecord,
): { readonly request: AuthorizationRequest; readonly redirection: RedirectionEndpoint } {
  const { request } = record
  if (request === undefined) throw invalid('The request_uri has been used.', { fate: 'spent' })
  const { redirect_uri, redirect_uri_sent, response_type, response_mode, state } = request
  const proven = proveRedirection(realm, client, {
    response_type,
    response_mode,
    ...(redirect_uri_sent ? { redirect_uri } : {}),
    ...(state === undefined ? {} : { state }),
  })
  const redirection: RedirectionEndpoint = { ...proven, issuer: record.issuer }
  const same =
    record.v === schema && record.stamp[0] === realm.version && record.stamp[1] === client.version
  return { request: same ? request : revalidate(realm, client, request, redirection), redirection }
}

/** pushed → opened, once; and who holds it, once somebody who is logged in was asked. */
async function note(
  visit: Visit,
  found: Found,
  step: 'login' | 'consent',
  interaction: Interaction,
): Promise<boolean> {
  const { realm, session } = visit
  const { record } = found
  const binds = step === 'consent' && record.bound === undefined && session !== undefined
  if (record.state === 'opened' && !binds) return true
  const interaction_by = record.interaction_by ?? realm.now() + realm.provider.interactionLifetime
  const opened: AuthorizationRecord = {
    ...record,
    state: 'opened',
    opened_at: record.opened_at ?? realm.now(),
    opened_sid: record.opened_sid ?? session?.sid ?? '',
    interaction_by,
    ...(binds ? { bound: { sid: session.sid, nonce: interaction.nonce } } : {}),
  }
  return (
    (await replaceRecord(realm, found, opened, tombstoneExpiry(realm, interaction_by))) === 'won'
  )
}

/** C-18: PingAM's own word for another client's reference; elsewhere the same answer as for an unknown one. */
function foreignClient({ realm, client }: Visit): OAuthError {
  const ping = profileOf(realm, client).error_names === 'ping'
  return ping
    ? new OAuthError('invalid_resource_uri', 'The request_uri is unknown.', {
        parameter: 'request_uri',
      })
    : invalid('The request_uri is unknown.', {})
}

function expired({ client }: Visit): OAuthError {
  const [home] = client.client_uri
  const bare = home?.slice(home.indexOf('|') + 1)
  return invalid('The request_uri has expired.', {
    fate: 'expired',
    ...(bare === undefined ? {} : { back: bare }),
  })
}

function invalid(
  text: string,
  detail: { readonly fate?: 'spent' | 'expired'; readonly back?: string },
): OAuthError {
  return new OAuthError('invalid_request_uri', text, { parameter: 'request_uri', ...detail })
}
