/**
 * remote consent: what a service elsewhere is asked (`consent_request`), and what it answers
 * (`consent_response`), PingAM: remote-consent.
 */
import { event } from '../../base/log.ts'
import type { Client } from '../../client/client.ts'
import type { RemoteConsentAgent } from '../../client/remote-consent/agent.ts'
import { findRemoteConsentAgent } from '../../client/remote-consent/agent.ts'
import { permits } from '../../client/terms/row.ts'
import { termsOf } from '../../client/terms.ts'
import type { JweAlg, JweEnc, JwsAlg } from '../../jose/algorithm.ts'
import { OAuthError } from '../../protocol/error.ts'
import {
  answerSignatures,
  contentEncryptions,
  foreignSignatures,
  keyManagements,
} from '../../protocol/value/algorithm.ts'
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

/** What a JWT may be made with. */
export interface Algorithms {
  readonly signing: readonly JwsAlg[]
  readonly alg: readonly JweAlg[]
  readonly enc: readonly JweEnc[]
}

/** What is served of it, as far as realm and profile have it: for what a service is asked, and what it answers. */
export function offeredAlgorithms({
  provider,
  profile: { token_algorithms: allowed },
}: Pick<Realm, 'provider' | 'profile'>): Readonly<Record<'request' | 'response', Algorithms>> {
  const has = (list: readonly string[]) => (name: string) => list.includes(name)
  const signs = (list: readonly string[]) => (name: string) =>
    list.includes(name) && permits(allowed, name)
  return {
    request: {
      signing: answerSignatures.filter(signs(provider.supportedRcsRequestSigningAlgorithms)),
      alg: keyManagements.filter(has(provider.supportedRcsRequestEncryptionAlgorithms)),
      enc: contentEncryptions.filter(has(provider.supportedRcsRequestEncryptionMethods)),
    },
    response: {
      signing: foreignSignatures.filter(signs(provider.supportedRcsResponseSigningAlgorithms)),
      alg: keyManagements.filter(has(provider.supportedRcsResponseEncryptionAlgorithms)),
      enc: contentEncryptions.filter(has(provider.supportedRcsResponseEncryptionMethods)),
    },
  }
}

/** Of what this service is asked: what its agent says, if that is offered. */
export function requestAlgorithms(realm: Realm, agent: RemoteConsentAgent): Algorithms {
  const { signing, alg, enc } = offeredAlgorithms(realm).request
  return {
    signing: signing.filter((name) => name === agent.remoteConsentRequestSigningAlgorithm),
    alg: alg.filter((name) => name === agent.remoteConsentRequestEncryptionAlgorithm),
    enc: enc.filter((name) => name === agent.remoteConsentRequestEncryptionMethod),
  }
}

/** Of what it answers. */
export function responseAlgorithms(realm: Realm, agent: RemoteConsentAgent): Algorithms {
  const { signing, alg, enc } = offeredAlgorithms(realm).response
  return {
    signing: signing.filter((name) => name === agent.remoteConsentResponseSigningAlg),
    alg: alg.filter((name) => name === agent.remoteConsentResponseEncryptionAlgorithm),
    enc: enc.filter((name) => name === agent.remoteConsentResponseEncryptionMethod),
  }
}
