/**
 * remote consent: what a service elsewhere is asked (`consent_request`), and what it answers
 * (`consent_response`), PingAM: remote-consent.
 */
import { event } from '../../base/log.ts'
import type { Client } from '../../client/client.ts'
import type { RemoteConsentAgent } from '../../client/remote-consent/agent.ts'
import { findRemoteConsentAgent } from '../../client/remote-consent/agent.ts'
import { termsOf } from '../../client/terms.ts'
import type { JweAlg, JweEnc, JwsAlg } from '../../jose/algorithm.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'

/**
 * The service that asks a client's users; undefined where a page here does.
 *
 * @throws OAuthError server_error, for the client: nobody can be asked.
 */
export async function consentAgent(
  realm: Realm,
  client: Client,
): Promise<RemoteConsentAgent | undefined> {
  const { remote_consent: id } = termsOf(realm, client)
  if (id === undefined) return undefined
  const agent = await findRemoteConsentAgent(realm, id)
  if (agent === undefined) throw unusable(realm, client, id, 'there is no such agent')
  return agent
}

/** Nobody can be asked, which an operator has to know. */
export function unusable(
  realm: Realm,
  { client_id }: Pick<Client, 'client_id'>,
  agent: string,
  reason: string,
): OAuthError {
  event('remote_consent.unusable', { realm: realm.path, client_id, agent, reason }, 'warn')
  return new OAuthError('server_error', 'The consent service of the realm cannot be used.', {
    why: 'remote-consent-unusable',
    reason,
  })
}

/** What a JWT may be made with: what the agent says, as far as realm and profile have it. */
export interface Algorithms {
  readonly signing: readonly JwsAlg[]
  readonly alg: readonly JweAlg[]
  readonly enc: readonly JweEnc[]
}

/** Of what a service is asked. */
export function requestAlgorithms(
  { provider, profile: { token_algorithms: allowed } }: Realm,
  agent: RemoteConsentAgent,
): Algorithms {
  const { remoteConsentRequestSigningAlgorithm: signing } = agent
  const { remoteConsentRequestEncryptionAlgorithm: alg } = agent
  const { remoteConsentRequestEncryptionMethod: enc } = agent
  const signs = provider.supportedRcsRequestSigningAlgorithms.includes(signing)
  const permitted = allowed === 'any' || allowed.includes(signing)
  return {
    signing: signs && permitted ? [signing] : [],
    alg: provider.supportedRcsRequestEncryptionAlgorithms.includes(alg) ? [alg] : [],
    enc: provider.supportedRcsRequestEncryptionMethods.includes(enc) ? [enc] : [],
  }
}

/** Of what it answers. */
export function responseAlgorithms(
  { provider, profile: { token_algorithms: allowed } }: Realm,
  agent: RemoteConsentAgent,
): Algorithms {
  const { remoteConsentResponseSigningAlg: signing } = agent
  const { remoteConsentResponseEncryptionAlgorithm: alg } = agent
  const { remoteConsentResponseEncryptionMethod: enc } = agent
  const signs = provider.supportedRcsResponseSigningAlgorithms.includes(signing)
  const permitted = allowed === 'any' || allowed.includes(signing)
  return {
    signing: signs && permitted ? [signing] : [],
    alg: provider.supportedRcsResponseEncryptionAlgorithms.includes(alg) ? [alg] : [],
    enc: provider.supportedRcsResponseEncryptionMethods.includes(enc) ? [enc] : [],
  }
}
