import { assertionClientId, verifyAssertion } from '../assertion.ts'
import type { Method } from './method.ts'
import { nobody } from './method.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** RFC 7523 §2.2, OIDC Core §9: a JWT signed by the client's private key. */
export const privateKeyJwt: Method = {
  name: 'private_key_jwt',
  presented: (_http, form) => {
    const proof = form.get('client_assertion')
    const type = form.get('client_assertion_type')
    if (proof === undefined && type === undefined) return undefined
    if (proof === undefined || type !== assertionType) return nobody
    return { client_id: assertionClientId(proof), proof }
  },
  verify: verifyAssertion,
}
