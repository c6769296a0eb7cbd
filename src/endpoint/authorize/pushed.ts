import type { Interaction } from '../../authorization/interaction.ts'
import { newInteraction, readInteraction } from '../../authorization/interaction.ts'
import type { HttpResponse } from '../../base/http.ts'
import { termsOf } from '../../client/terms.ts'
import { findRecord } from '../../grant/find-record.ts'
import { pushedHandle, storeKey } from '../../grant/handle.ts'
import type { Found, Unanswered } from '../../grant/record.ts'
import { isFor, requestIn } from '../../grant/record.ts'
import { hold, open, retryUntilDecided } from '../../grant/transition.ts'
import { OAuthError } from '../../protocol/error.ts'
import { answerAgain } from './again.ts'
import { postedDecision } from './decision.ts'
import { proceed } from './proceed.ts'
import {
  goneReference,
  invalidReference,
  proveAgain,
  referencedRequest,
  requireOpen,
} from './reference.ts'
import { postedAgain } from './remote-consent.ts'
import { withRedirection } from './send.ts'
import type { Speaking } from './speaking.ts'
import { speaking } from './speaking.ts'
import type { Visit } from './visit.ts'
import { livePrompt } from './visit.ts'

/**
 * A visit with a pushed request (RFC 9126 §4): handle, client, state and clocks, then whether what it
 * was validated under still holds. A failed check never changes the record (C-2b).
 */
export async function pushedVisit(visit: Visit, request_uri: string): Promise<HttpResponse> {
  const { realm } = visit
  const handle = pushedHandle(request_uri)
  const found = handle === undefined ? 'unknown' : await findRecord(realm, 'request_uri', handle)
  if (found === 'unknown')
    throw invalidReference('request-uri-unknown', 'The request_uri is unknown.')
  if (found === 'gone') throw goneReference(visit)
  return retryUntilDecided(
    realm,
    found,
    (current) => visitRecord(visit, current),
    () => {
      throw goneReference(visit)
    },
  )
}

async function visitRecord(visit: Visit, found: Found): Promise<HttpResponse | undefined> {
  if (!isFor(visit.client, found.record)) throw foreignClient(visit)
  const asked = requestIn(found.record) ?? {}
  return speaking(asked, () => visitOwnRecord(visit, found, asked))
}

async function visitOwnRecord(
  visit: Visit,
  found: Found,
  asked: Speaking,
): Promise<HttpResponse | undefined> {
  const { realm, session, http } = visit
  const posted = postedAgain(visit, found.record.redirect_uri, asked)
  if (posted !== undefined) return posted
  const again = await answerAgain(visit, found)
  if (again !== undefined) return again
  const subjectId = storeKey(found.key)
  const heldInteraction = readInteraction(realm, http, subjectId)
  const unanswered = await requireOpen(visit, found, heldInteraction)
  const { record } = unanswered
  const { request } = record
  const redirection = proveAgain(visit, request, record.issuer)
  const decision = postedDecision(visit, subjectId)
  const interaction = heldInteraction ?? newInteraction(realm, session?.sid ?? '')
  return withRedirection(realm, http, redirection, async () =>
    proceed({
      visit,
      request: await referencedRequest(visit, record, request, redirection),
      redirection,
      subjectId,
      live: livePrompt(visit),
      posted: decision,
      opened:
        record.state === 'opened' ? { at: record.opened_at, sid: record.opened_sid } : undefined,
      interaction,
      found: unanswered,
      markOpened: (step) => markOpened(visit, unanswered, step, interaction),
    }),
  )
}

/** A page or detour follows; who holds it is known once somebody who is logged in was asked. */
async function markOpened(
  { realm, session }: Visit,
  found: Unanswered,
  step: 'login' | 'consent',
  { nonce }: Interaction,
): Promise<boolean> {
  return step === 'consent' && session !== undefined
    ? hold(realm, found, { sid: session.sid, nonce })
    : open(realm, found, session?.sid ?? '')
}

/** C-18: PingAM's own word for another client's reference; elsewhere the same answer as for an unknown one. */
function foreignClient({ realm, client }: Visit): OAuthError {
  const ping = termsOf(realm, client).error_names === 'ping'
  return ping
    ? new OAuthError('invalid_resource_uri', 'The request_uri is unknown.', {
        why: 'request-uri-foreign',
        parameter: 'request_uri',
      })
    : invalidReference('request-uri-foreign', 'The request_uri is unknown.')
}
