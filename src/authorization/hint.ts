import { member } from '../base/json.ts'
import type { Client } from '../client/client.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import type { Session } from '../session/session.ts'
import { sessionOfSid } from '../session/session.ts'
import { readIdToken } from '../token/id-token.ts'
import { subjectFor, wasTheirs, wasToldAs } from '../token/told/subject.ts'
import type { Situation } from './decide.ts'

/** Whom an id_token_hint names, as a request keeps it. */
export interface Hint extends Pick<AuthorizationRequest, 'hint_iat'> {
  readonly hint_sub: string
}

/**
 * The user an id_token_hint names: their own id as long as the session lives by which it was issued, whatever the client
 * calls them by now; else the `sub` of the hint. It must be an ID token of this realm for this client; that it
 * expired does not matter (OIDC Core §3.1.2.2).
 *
 * @throws OAuthError invalid_request.
 */
export async function verifyHint(realm: Realm, client: Client, hint: string): Promise<Hint> {
  const claims = await readIdToken(realm, hint)
  const sub = claims === undefined ? undefined : member(claims, 'sub')
  const mine = claims !== undefined && member(claims, 'azp') === client.client_id
  if (typeof sub !== 'string' || !mine) {
    throw new OAuthError('invalid_request', 'Invalid parameter id_token_hint', {
      why: 'hint-invalid',
    })
  }
  const sid = member(claims, 'sid')
  const session = typeof sid === 'string' ? await sessionOfSid(realm, sid) : undefined
  const iat = member(claims, 'iat')
  return { hint_sub: session?.sub ?? sub, hint_iat: typeof iat === 'number' ? iat : 0 }
}

/** What a client calls the user of a session, and whether that is whom its hint names. */
export async function knownUser(
  realm: Realm,
  client: Client,
  { hint_sub, hint_iat }: Pick<AuthorizationRequest, 'hint_sub' | 'hint_iat'>,
  session: Session | undefined,
): Promise<Pick<Situation, 'subject' | 'hinted'>> {
  if (session === undefined) return { subject: undefined, hinted: true }
  const subject = await subjectFor(realm, client, session.sub)
  const { sub } = session
  const hinted =
    hint_sub === undefined ||
    ((await wasToldAs(realm, client, hint_sub, sub)) && (await wasTheirs(realm, sub, hint_iat)))
  return { subject, hinted }
}
