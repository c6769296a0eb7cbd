import type { Interaction } from '../../authorization/interaction.ts'
import { newInteraction, readInteraction } from '../../authorization/interaction.ts'
import type { HttpResponse } from '../../base/http.ts'
import { termsOf } from '../../client/terms.ts'
import { storeKey } from '../../grant/handle.ts'
import { tombstoneExpiry } from '../../grant/lifetime.ts'
import { pushedHandle } from '../../grant/push.ts'
import type { AuthorizationRecord, Found } from '../../grant/record.ts'
import { findRecord, isFor, replaceRecord, retryUntilDecided } from '../../grant/record.ts'
import { OAuthError } from '../../protocol/error.ts'
import { proceed } from './act.ts'
import { answerAgain } from './again.ts'
import { postedDecision } from './decision.ts'
import { withRedirection } from './send.ts'
import {
  checkClocks,
  goneReference,
  invalidReference,
  proveAgain,
  referencedRequest,
} from './standing.ts'
import type { Visit } from './visit.ts'
import { livePrompt } from './visit.ts'

/**
 * A visit with a pushed request (RFC 9126 §4): handle, client, state and clocks, then whether what it
 * was validated under still holds. A failed check never changes the record (C-2b).
 */
export async function pushedVisit(visit: Visit, request_uri: string): Promise<HttpResponse> {
  const { realm } = visit
  const handle = pushedHandle(request_uri)
  const read = handle === undefined ? 'unknown' : findRecord(realm, 'request_uri', handle)
  const found = read instanceof Promise ? await read : read
  if (found === 'unknown') throw invalidReference('The request_uri is unknown.')
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
  const { realm, client, session, http } = visit
  const { record } = found
  if (!isFor(client, record)) throw foreignClient(visit)
  const again = answerAgain(visit, found)
  if (again !== undefined) return again
  const subjectId = storeKey(found.key)
  const heldInteraction = readInteraction(realm, http, subjectId)
  checkClocks(visit, record, heldInteraction)
  const { request, opened_at } = record
  if (request === undefined) throw invalidReference('The request_uri has been used.')
  const redirection = proveAgain(visit, request, record.issuer)
  const posted = postedDecision(visit, subjectId)
  const interaction = heldInteraction ?? newInteraction(realm, session?.sid ?? '')
  return withRedirection(realm, http, redirection, () =>
    proceed({
      visit,
      request: referencedRequest(visit, record, request, redirection),
      redirection,
      subjectId,
      live: livePrompt(visit),
      posted,
      opened: opened_at === undefined ? undefined : { at: opened_at, sid: record.opened_sid ?? '' },
      interaction,
      found,
      markOpened: (step) => markOpened(visit, found, step, interaction),
    }),
  )
}

/** pushed → opened, once; and who holds it, once somebody who is logged in was asked. */
async function markOpened(
  visit: Visit,
  found: Found,
  step: 'login' | 'consent',
  interaction: Interaction,
): Promise<boolean> {
  const { realm, session } = visit
  const { record } = found
  const binds = step === 'consent' && record.heldBy === undefined && session !== undefined
  if (record.state === 'opened' && !binds) return true
  const interaction_by = record.interaction_by ?? realm.now() + realm.provider.interactionLifetime
  const opened: AuthorizationRecord = {
    ...record,
    state: 'opened',
    opened_at: record.opened_at ?? realm.now(),
    opened_sid: record.opened_sid ?? session?.sid ?? '',
    interaction_by,
    ...(binds ? { heldBy: { sid: session.sid, nonce: interaction.nonce } } : {}),
  }
  return (
    (await replaceRecord(realm, found, opened, tombstoneExpiry(realm, interaction_by))) === 'won'
  )
}

/** C-18: PingAM's own word for another client's reference; elsewhere the same answer as for an unknown one. */
function foreignClient({ realm, client }: Visit): OAuthError {
  const ping = termsOf(realm, client).error_names === 'ping'
  return ping
    ? new OAuthError('invalid_resource_uri', 'The request_uri is unknown.', {
        parameter: 'request_uri',
      })
    : invalidReference('The request_uri is unknown.')
}
