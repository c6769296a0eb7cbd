import type { HttpRequest } from '../../base/http.ts'
import type { Binding } from '../../binding/binding.ts'
import { bindsCertificates, certificateShown } from '../../binding/mtls.ts'
import type { Terms, TermValues } from '../../client/terms.ts'
import { demand } from '../../client/terms.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import type { Realm } from '../../realm/realm.ts'

type Required = Terms['required_binding']

/** Which kinds of binding each of them takes. */
const taken: Readonly<Record<Required, readonly Binding['kind'][]>> = {
  none: ['none', 'dpop'],
  dpop: ['dpop'],
  mtls: ['mtls'],
  either: ['dpop', 'mtls'],
}

/**
 * What tokens of a request are tied to: the key of its DPoP proof, or where the terms want it and there is no proof, the
 * certificate that was shown (RFC 8705 §3). Whoever shows one to whom nobody has said that it ties tokens gets ones that are
 * tied to nothing, since that is what RFC 8705 §3.4 has for the default.
 */
export function tokenBinding(
  realm: Realm,
  http: HttpRequest,
  { required_binding: required }: TermValues,
  proven: Binding,
): Binding {
  if (proven.kind !== 'none' || !taken[required].includes('mtls')) return proven
  const shown = bindsCertificates(realm) ? certificateShown(realm, http) : undefined
  return shown?.binding ?? proven
}

/**
 * RFC 9449 §5.2, RFC 8705 §3.4, FAPI 2.0 §5.3.2.1: who has only tokens that are tied to a key shows one for each.
 *
 * @throws OAuthError invalid_request.
 */
export function requireBinding(
  realm: Realm,
  http: HttpRequest,
  terms: Terms,
  proven: Binding,
): void {
  const kindOf = (held: TermValues): Binding['kind'] => tokenBinding(realm, http, held, proven).kind
  demand(
    terms,
    'required_binding',
    (held) => !taken[held.required_binding].includes(kindOf(held)),
    (held) => {
      const { required_binding: required } = held
      const [says, why] = lacking(realm, required, kindOf(held))
      const reason = required === 'dpop' ? undefined : whyNoCertificate(realm, http)
      return new OAuthError('invalid_request', says, {
        why,
        ...(reason === undefined ? {} : { reason }),
      })
    },
  )
}

function lacking(
  realm: Realm,
  required: Required,
  kind: Binding['kind'],
): readonly [says: string, why: ReasonName] {
  if (kind === 'dpop')
    return ['Tokens are tied to the client certificate, not to a DPoP proof', 'proof-beside']
  if (required === 'mtls') return ['A client certificate is required', 'certificate-required']
  const either = required === 'either' && bindsCertificates(realm)
  const certificate = either ? ' or a client certificate' : ''
  return [`A DPoP proof${certificate} is required`, 'proof-required']
}

function whyNoCertificate(realm: Realm, http: HttpRequest): string | undefined {
  if (!bindsCertificates(realm)) return 'the realm takes no certificates'
  const shown = certificateShown(realm, http)
  return shown.binding === undefined ? shown.reason : undefined
}
