import type { ErrorCode } from './error.ts'
import { OAuthError } from './error.ts'
import type { ReasonName } from './reason/index.ts'

/** What is not served is refused by the error its document gives, wherever it is sent, never passed over. */
const unservedParameters = {
  /** RFC 9396 §5. */
  authorization_details: [
    'invalid_authorization_details',
    'No type of authorization_details is supported.',
    'authorization-details-unserved',
  ],
  /** OIDC Core §3.1.2.6. */
  registration: [
    'registration_not_supported',
    'The registration parameter is not supported.',
    'registration-unserved',
  ],
} as const satisfies Readonly<
  Record<string, readonly [code: ErrorCode, says: string, why: ReasonName]>
>

/** The refusal of a parameter that is not served. */
export function notServed(name: keyof typeof unservedParameters): OAuthError {
  const [code, says, why] = unservedParameters[name]
  return new OAuthError(code, says, { why, parameter: name })
}
