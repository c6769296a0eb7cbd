import { verifyByClientKeys } from '../verify.ts'
import type { AssertionCheck } from './assertion.ts'
import {
  assertionSigns,
  isMac,
  pairAlgorithms,
  presentedAssertion,
  verifyAssertion,
} from './assertion.ts'
import type { Method } from './method.ts'

const check: AssertionCheck = { algorithms: pairAlgorithms, verify: verifyByClientKeys }

/** RFC 7523 §2.2, OIDC Core §9: a JWT signed by the client's private key. */
export const privateKeyJwt: Method = {
  name: 'private_key_jwt',
  announcedBy: assertionSigns,
  presented: (_http, form) => {
    const credentials = presentedAssertion(form)
    return credentials === undefined || isMac(credentials) ? undefined : credentials
  },
  verify: (realm, client, credentials, http) =>
    verifyAssertion(check, realm, client, credentials, http),
}
