import type { HttpRequest } from '../../base/http.ts'
import type { KeyConfirmation } from '../../binding/binding.ts'
import { boundTo, isBoundTo } from '../../binding/binding.ts'
import { dpopAlgorithms } from '../../binding/dpop/dpop.ts'
import type { CertificateShown } from '../../binding/mtls.ts'
import type { Proven } from '../../binding/proof.ts'
import { connections } from '../../binding/proof.ts'
import type { Terms } from '../../client/terms.ts'
import { termsOf } from '../../client/terms.ts'
import type { ErrorCode } from '../../protocol/error.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import type { Realm } from '../../realm/realm.ts'
import { resourcesOf } from '../../token/audience.ts'
import type { UsableToken } from '../../token/usable-token.ts'
import { readUsableToken } from '../../token/usable-token.ts'
import { challenge } from './challenge.ts'
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
 * proof (RFC 9449 §7, K-9): nobody is left in the belief that a token is tied that is not. One that is tied to a certificate
 * counts where that certificate is shown (RFC 8705 §3).
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
  const { kind, token_type } = boundTo(cnf)
  const terms = termsOf(realm, token.client)
  const refused = (code: ErrorCode, says: string, why: ReasonName): OAuthError =>
    challenged(new OAuthError(code, says, { why }), terms)
  if (!isForThisServer(token)) throw forAnother(realm, token)
  const proof = proofIn(http)
  if (scheme !== token_type.toLowerCase())
    throw refused('invalid_token', 'The access token is of another type.', 'token-scheme')
  const connection = connections[kind]
  if (cnf === undefined || connection !== undefined) {
    const tied = cnf === undefined ? 'no key' : 'a certificate'
    const says = `The access token is tied to ${tied}.`
    if (proof !== undefined) throw refused('invalid_dpop_proof', says, 'token-proof-unasked')
    if (cnf !== undefined) requireCertificate(realm, cnf, connection?.(realm, http))
    return { ...token, headers: undefined }
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

/** RFC 8705 §3: it is the certificate of this very connection that the token is tied to. */
function requireCertificate(
  realm: Realm,
  cnf: KeyConfirmation,
  shown: CertificateShown | undefined,
): void {
  if (shown?.binding !== undefined && isBoundTo(shown.binding, cnf)) return
  const [which, why] =
    shown?.binding === undefined
      ? (['a', 'token-certificate-missing'] as const)
      : (['another', 'token-certificate'] as const)
  throw new OAuthError('invalid_token', `The access token is tied to ${which} certificate.`, {
    why,
    ...(shown?.reason === undefined ? {} : { reason: shown.reason }),
    ...challenge(realm, 'invalid_token'),
  })
}

/** RFC 8707 §2: a token for named resources is for those alone, and this server is one by its issuer. */
function isForThisServer({ found, grant, token }: UsableToken): boolean {
  return resourcesOf(grant, token)?.includes(found.record.issuer) ?? true
}

function forAnother(realm: Realm, { token, client }: UsableToken): OAuthError {
  const error = new OAuthError('invalid_token', 'The access token is for another resource.', {
    why: 'token-audience',
    ...challenge(realm, 'invalid_token'),
  })
  const byBearer = boundTo(token.cnf).token_type === 'Bearer'
  return byBearer ? error : challenged(error, termsOf(realm, client))
}

/** RFC 9449 §7.1, §9: at a resource. */
function challenged({ code, description, detail }: OAuthError, terms: Terms): OAuthError {
  const dpop = `DPoP algs="${dpopAlgorithms(terms).join(' ')}", error="${code}"`
  const headers = { ...detail.headers, 'www-authenticate': dpop }
  return new OAuthError(code, description, { ...detail, status: 401, headers })
}
