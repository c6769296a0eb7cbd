import type { Client } from '../../client/client.ts'
import { scopeName } from '../../client/client.ts'
import type { RemoteConsentAgent } from '../../client/remote-consent/agent.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Session } from '../../session/session.ts'
import { answerJwt } from '../../token/told/answer-jwt.ts'
import { detailsTold } from '../../token/told/details.ts'
import { consentSavable } from '../consent.ts'
import { requestAlgorithms, unusable } from './agent.ts'
import { consentCsrf } from './mark.ts'

/** What a user is to be asked elsewhere. */
export interface Asked {
  readonly client: Client
  readonly request: AuthorizationRequest
  readonly session: Session
  readonly subjectId: string
  /** Where the service sends the answer: this very visit again. */
  readonly consentApprovalRedirectUri: string
  /** What the client is called, and what it says of itself, as a page here would show it. */
  readonly name: string
  readonly description: string
  /** The words for a scope, if there are any. */
  readonly textOf: (scope: string) => string | undefined
}

/** Seconds, where the agent says 0. */
const usual = 180

/**
 * The `consent_request` (PingAM: remote-consent), signed and where the agent wants it encrypted.
 *
 * @throws OAuthError server_error or temporarily_unavailable, where it cannot be made.
 */
export async function consentRequest(
  realm: Realm,
  agent: RemoteConsentAgent,
  asked: Asked,
): Promise<string> {
  const { client } = asked
  if (agent.remoteConsentRedirectUrl === '')
    throw unusable(realm, client, agent.id, 'the agent has no address')
  const lifetime = agent.requestTimeLimit || usual
  const { remoteConsentRequestEncryptionEnabled: encrypted } = agent
  const algorithms = { signed: true, encrypted, ...requestAlgorithms(realm, agent) }
  const claims = claimsOf(realm, agent, asked, lifetime)
  try {
    return await answerJwt(realm, agent.party, algorithms, { typ: 'JWT', lifetime, claims })
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    // Keys that are fetched may be there the next time.
    if (error.detail.why === 'answer-key' && agent.publicKeyLocation === 'jwks_uri')
      throw unreachable(realm, client, agent)
    throw unusable(realm, client, agent.id, error.description)
  }
}

/** By PingAM's names. */
function claimsOf(
  realm: Realm,
  agent: RemoteConsentAgent,
  asked: Asked,
  lifetime: number,
): Readonly<Record<string, unknown>> {
  const { client, request, session, subjectId, consentApprovalRedirectUri } = asked
  const iat = realm.timeOfDay()
  return {
    clientId: client.client_id,
    iss: realm.issuer,
    csrf: consentCsrf(realm, { session, subjectId, agent: agent.id }),
    client_description: asked.description,
    aud: agent.id,
    save_consent_enabled: consentSavable(realm),
    claims: request.claims ?? {},
    scopes: Object.fromEntries(request.scope.map((name) => [name, wordsFor(asked, name)])),
    ...detailsTold(request.authorization_details),
    exp: iat + lifetime,
    iat,
    client_name: asked.name,
    consentApprovalRedirectUri,
    username: session.username,
  }
}

/** PingAM: a scope without words has its name, and null where it is not to be shown (`scope|`). */
function wordsFor({ client, textOf }: Asked, name: string): string | null {
  const hidden = client.scopes.some(
    (entry) => scopeName(entry) === name && entry.trimEnd().endsWith('|'),
  )
  return textOf(name) ?? (hidden ? null : name)
}

function unreachable(realm: Realm, client: Client, agent: RemoteConsentAgent): OAuthError {
  const { detail } = unusable(realm, client, agent.id, 'no key of it can be had to encrypt to')
  const says = 'The consent service cannot be reached.'
  return new OAuthError('temporarily_unavailable', says, {
    ...detail,
    why: 'remote-consent-unreachable',
  })
}
