import * as registration from '../check/registration.ts'
import * as request from '../check/request.ts'
import * as object from '../check/request-object.ts'
import type { Rule } from '../rule.ts'
import { registrationRules, requestRules } from '../rule.ts'

/** FAPI 2.0 Message Signing, Final (September 2025), beside the Security Profile it is built on. */
export const fapi2MessageSigning: readonly Rule[] = [
  ...registrationRules(
    ['signed', '§5.3.1-1', 'Only signed request objects are taken.', registration.requiresSigned],
    [
      'object-audience',
      '§5.3.1-2',
      'The issuer is among the audiences of a request object.',
      registration.objectAudience,
    ],
    [
      'object-nbf',
      '§5.3.1-3',
      'A request object has an nbf that is 60 minutes ago at most.',
      registration.objectNotBefore,
    ],
    [
      'object-exp',
      '§5.3.1-4',
      'A request object has an exp that is 60 minutes after its nbf at most.',
      registration.objectEnds,
    ],
    [
      'signed-response',
      '§5.4.1',
      'Only responses in a JWT are given.',
      registration.requiresJwtResponse,
    ],
  ),
  ...requestRules(
    ['request-signed', '§5.3.1-1', 'The request is a signed request object.', object.isSigned],
    [
      'request-object-audience',
      '§5.3.1-2',
      'The issuer is among the audiences of the request object.',
      object.forIssuer,
    ],
    [
      'request-object-nbf',
      '§5.3.1-3',
      'The request object has an nbf that is 60 minutes ago at most.',
      object.startsLately,
    ],
    [
      'request-object-exp',
      '§5.3.1-4',
      'The request object has an exp that is 60 minutes after its nbf at most.',
      object.endsSoon,
    ],
    [
      'request-signed-response',
      '§5.4.1',
      'The request asks for a response in a JWT.',
      request.asksForJwt,
    ],
  ),
]
