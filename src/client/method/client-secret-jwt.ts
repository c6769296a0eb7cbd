import { verifyJws } from '../../jose/verify.ts'
import { secretKeys } from '../secret-key.ts'
import type { AssertionCheck } from './assertion.ts'
import {
  assertionSigns,
  isMac,
  presentedAssertion,
  secretAlgorithms,
  verifyAssertion,
} from './assertion.ts'
import type { Method } from './method.ts'

const check: AssertionCheck = {
  algorithms: secretAlgorithms,
  verify: (realm, client, jws, algorithms) =>
    verifyJws(jws, secretKeys(realm, client, algorithms), algorithms),
}

/** OIDC Core §9: a JWT with an HMAC of the client's secret. */
export const clientSecretJwt: Method = {
  name: 'client_secret_jwt',
  announcedBy: assertionSigns,
  presented: (_http, form) => {
    const credentials = presentedAssertion(form)
    return credentials !== undefined && isMac(credentials) ? credentials : undefined
  },
  verify: (realm, client, credentials, http) =>
    verifyAssertion(check, realm, client, credentials, http),
}
