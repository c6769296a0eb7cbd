import type { HttpRequest } from '../../base/http.ts'
import { header, headerCount, uriOf } from '../../base/http.ts'
import { pairAlgorithms, skew } from '../../client/method/assertion.ts'
import { permits } from '../../client/terms/row.ts'
import { type Terms, type TermValues, watch } from '../../client/terms.ts'
import type { JwsAlg } from '../../jose/algorithm.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { boundTo } from '../binding.ts'
import type { Asked, Proof, Proven } from '../proof.ts'
import type { ProvenProof } from './check.ts'
import { checkProof } from './check.ts'
import { currentNonce, nonceAge, nonceHeader } from './nonce.ts'
import { spendLate, useOf } from './use.ts'

/** What a proof may be signed with here (RFC 9449 §5.1). */
export function dpopAlgorithms({ dpop_algorithms }: Pick<TermValues, 'dpop_algorithms'>): JwsAlg[] {
  return pairAlgorithms.filter((alg) => permits(dpop_algorithms, alg))
}

/** DPoP (RFC 9449 §4): a JWT signed by the key that tokens are bound to, made for this one request. */
export const dpop: Proof = { header: 'dpop', prove }

/**
 * Proves by the one proof in the header (RFC 9449 §4.3), whose use is still to be spent.
 *
 * @throws OAuthError invalid_dpop_proof, or use_dpop_nonce with the nonce to use (RFC 9449 §8).
 */
async function prove(realm: Realm, http: HttpRequest, asked: Asked): Promise<Proven> {
  if (headerCount(http, 'dpop') > 1)
    throw new OAuthError('invalid_dpop_proof', 'The request has more than one DPoP header.', {
      why: 'dpop-repeated',
    })
  const checking = checkProof(header(http, 'dpop') ?? '', {
    method: http.method,
    address: uriOf(http),
    algorithms: dpopAlgorithms(asked.terms),
    now: realm.timeOfDay(),
    skew,
    madeAfter: realm.accepted,
    ...(asked.token === undefined ? {} : { token: asked.token }),
  })
  const checked = checking instanceof Promise ? await checking : checking
  if (!checked.ok) {
    const { why, reason, ended } = checked
    if (ended !== undefined) await spendLate(realm, ended)
    throw new OAuthError('invalid_dpop_proof', 'The DPoP proof is invalid.', {
      why,
      ...(reason === undefined ? {} : { reason }),
    })
  }
  const headers = checkNonce(realm, checked)
  if (asked.terms.watched !== undefined) watchAlgorithm(asked.terms, checked.alg)
  return { binding: boundTo({ jkt: checked.jkt }), singleUse: useOf(realm, checked), headers }
}

/** What a good proof would be refused for by what is only watched (C-31). */
function watchAlgorithm(terms: Terms, alg: string): void {
  watch(
    terms,
    'dpop_algorithms',
    (held) => !permits(held.dpop_algorithms, alg),
    () => ({ code: 'invalid_dpop_proof', why: 'dpop-alg', reason: 'the alg is not allowed' }),
  )
}

/** The next nonce where the one of this proof is about to end; where realms ask for none, none. */
function checkNonce(realm: Realm, { nonce }: ProvenProof): Proven['headers'] {
  if (realm.provider.dpopNonceLifetime === 0) return undefined
  const age = nonce === undefined ? undefined : nonceAge(realm, nonce)
  if (age === 'current') return undefined
  const headers = { [nonceHeader]: currentNonce(realm) }
  if (age === 'old') return headers
  throw new OAuthError('use_dpop_nonce', 'The DPoP proof must carry the nonce of DPoP-Nonce.', {
    why: nonce === undefined ? 'dpop-nonce-missing' : 'dpop-nonce-unknown',
    headers,
  })
}
