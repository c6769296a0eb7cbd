import type { Ready } from '../../base/ready.ts'
import { whenReady } from '../../base/ready.ts'
import type { Client } from '../../client/client.ts'
import { encryptionKey } from '../../client/encryption-key.ts'
import type { AnswerAlgorithms } from '../../client/terms/response.ts'
import { encryptJwe } from '../../jose/encryption/encrypt.ts'
import { signJwt } from '../../jose/sign.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { answerSigning } from '../signing.ts'

/** An answer that is a JWT: what its header says it is, and what it holds. */
export interface Answer {
  readonly typ: string
  /** Seconds for which it counts. */
  readonly lifetime: number
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Signs an answer for a client, and encrypts it for the client where that is registered: in this order,
 * one in the other (RFC 7519 §11.2).
 *
 * @throws OAuthError unauthorized_client, where what the client registered cannot be had.
 */
export function answerJwt(
  realm: Realm,
  client: Client,
  algorithms: AnswerAlgorithms,
  { typ, lifetime, claims }: Answer,
): Ready<string> {
  const [alg] = algorithms.signing
  if (alg === undefined) throw notOffered()
  return whenReady(answerSigning(realm, client, alg, lifetime), (by) => {
    if (by === undefined) throw withoutKey(alg)
    const signed = signJwt(by.key, { typ, alg: by.alg }, claims)
    if (!algorithms.encrypted) return signed
    return whenReady(signed, (jws) =>
      encryptFor(realm, client, algorithms, jws, { typ, cty: 'JWT' }),
    )
  })
}

/** What an encrypted answer's header says beside its algorithms. */
interface Wrapping {
  readonly typ?: string
  readonly cty?: string
  /** The key that the client has registered for this alone, as PEM. */
  readonly pem?: string
}

/**
 * Encrypts for a client.
 *
 * @throws OAuthError unauthorized_client, where what the client registered cannot be had.
 */
export async function encryptFor(
  realm: Realm,
  client: Client,
  { alg: [alg], enc: [enc] }: Pick<AnswerAlgorithms, 'alg' | 'enc'>,
  content: string,
  { pem = '', ...header }: Wrapping,
): Promise<string> {
  if (alg === undefined || enc === undefined) throw notOffered()
  const key = await encryptionKey(realm, client, { alg, enc, pem })
  if (key === undefined) throw withoutKey(alg)
  return encryptJwe(content, key, alg, enc, header)
}

function notOffered(): OAuthError {
  const says = 'An algorithm that the client registered for its answers is not offered here.'
  return new OAuthError('unauthorized_client', says, { why: 'answer-algorithm' })
}

function withoutKey(alg: string): OAuthError {
  const says = `The client has no key for ${alg}, with which its answers are to be made.`
  return new OAuthError('unauthorized_client', says, { why: 'answer-key' })
}
