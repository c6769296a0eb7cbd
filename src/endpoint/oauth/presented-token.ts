import type { HttpRequest } from '../../base/http.ts'
import { boundTo, isBoundTo } from '../../binding/binding.ts'
import { dpopAlgorithms } from '../../binding/dpop/dpop.ts'
import type { Proven } from '../../binding/proof.ts'
import type { Terms } from '../../client/terms.ts'
import { termsOf } from '../../client/terms.ts'
import type { ErrorCode } from '../../protocol/error.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import type { Realm } from '../../realm/realm.ts'
import type { UsableToken } from '../../token/usable-token.ts'
import { readUsableToken } from '../../token/usable-token.ts'
import { proofIn } from './client-call.ts'

/** An access token as a request presents it. */
export interface PresentedToken {
  /** The scheme, in lower case; a token outside the Authorization header is a bearer token (RFC 6750 §2.2). */
  readonly scheme: string
  readonly text: string
}

/** A token that was presented as it has to be, and what the answer tells whoever proved its key. */
export interface AcceptedToken extends UsableToken {
  readonly headers: Proven['headers']
}

/** K-10: only the scheme's case may vary, and one space follows. */
export function tokenIn(authorization: string): PresentedToken | undefined {
  const [, scheme, text] = /^(bearer|dpop) ([\w.~+/=-]+)$/i.exec(authorization) ?? []
  return scheme === undefined || text === undefined
    ? undefined
    : { scheme: scheme.toLowerCase(), text }
}

/**
 * What a presented token stands for; undefined where it stands for nothing. A token that is tied to a key counts by
 * its own scheme alone, with a proof of that key made for this request, and any other one by Bearer and without a
 * proof (RFC 9449 §7, K-9): nobody is left in the belief that a token is tied that is not.
 *
 * @throws OAuthError invalid_token, invalid_dpop_proof or use_dpop_nonce (401), with the challenge.
 */
export async function acceptToken(
  realm: Realm,
  http: HttpRequest,
  { scheme, text }: PresentedToken,
): Promise<AcceptedToken | undefined> {
  const token = await readUsableToken(realm, text)
  if (token === undefined) return undefined
  const { cnf } = token.token
  const terms = termsOf(realm, token.client)
  const refused = (code: ErrorCode, says: string, why: ReasonName): OAuthError =>
    challenged(new OAuthError(code, says, { why }), terms)
  const proof = proofIn(http)
  if (scheme !== boundTo(cnf).token_type.toLowerCase())
    throw refused('invalid_token', 'The access token is of another type.', 'token-scheme')
  if (cnf === undefined) {
    if (proof === undefined) return { ...token, headers: undefined }
    throw refused(
      'invalid_dpop_proof',
      'The access token is tied to no key.',
      'token-proof-unasked',
    )
  }
  if (proof === undefined)
    throw refused('invalid_dpop_proof', 'The DPoP proof is missing.', 'token-proof-missing')
  try {
    const { binding, singleUse, headers } = await proof.prove(realm, http, { terms, token: text })
    if (!isBoundTo(binding, cnf))
      throw refused('invalid_token', 'The access token is tied to another key.', 'token-key')
    await singleUse?.spend()
    return { ...token, headers }
  } catch (error) {
    throw error instanceof OAuthError ? challenged(error, terms) : error
  }
}

/** RFC 9449 §7.1, §9: at a resource. */
function challenged({ code, description, detail }: OAuthError, terms: Terms): OAuthError {
  const challenge = `DPoP algs="${dpopAlgorithms(terms).join(' ')}", error="${code}"`
  const headers = { ...detail.headers, 'www-authenticate': challenge }
  return new OAuthError(code, description, { ...detail, status: 401, headers })
}
