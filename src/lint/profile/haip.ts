import * as registration from '../check/registration.ts'
import * as request from '../check/request.ts'
import type { Rule } from '../rule.ts'
import { registrationRules, requestRules } from '../rule.ts'
import { fapi2SecurityProfile } from './fapi2-security-profile.ts'

/** What HAIP has otherwise: by which method a wallet proves itself, and what is signed with what. */
const otherwise: ReadonlySet<string> = new Set([
  'client-authentication',
  'sender-constrained',
  'algorithms',
  'request-assertion-algorithm',
  'request-object-algorithm',
])

/**
 * OpenID4VC High Assurance Interoperability Profile 1.0 (December 2025), as far as it speaks of an authorization server
 * and its clients: FAPI 2.0 but for what it has otherwise.
 */
export const haip: readonly Rule[] = [
  ...fapi2SecurityProfile
    .filter(({ id }) => !otherwise.has(id))
    .map((rule) => ({ ...rule, section: `§4, FAPI 2.0 ${rule.section}` })),
  ...registrationRules(
    ['dpop', '§4', 'Access tokens are tied to the key of a DPoP proof.', registration.tiesByDpop],
    [
      'wallet-authentication',
      '§4.4.1',
      'The client proves itself wherever it can.',
      registration.isConfidential,
    ],
  ),
  ...requestRules([
    'request-scope',
    '§4.3',
    'The request has a scope, which says what credential is asked for.',
    request.namesScope,
  ]),
]
