import type { ErrorCode } from './error.ts'
import { OAuthError } from './error.ts'

/** What is not served is refused by the error its document gives, wherever it is sent, never passed over. */
const unservedParameters = {
  /** RFC 9396 §5. */
  authorization_details: [
    'invalid_authorization_details',
    'No type of authorization_details is supported.',
  ],
  /** RFC 8707 §2. */
  resource: ['invalid_target', 'No resource indicator is supported.'],
  /** RFC 9449 §10. */
  dpop_jkt: ['invalid_request', 'dpop_jkt is not supported.'],
  /** OIDC Core §3.1.2.6. */
  registration: ['registration_not_supported', 'The registration parameter is not supported.'],
} as const satisfies Readonly<Record<string, readonly [code: ErrorCode, says: string]>>

/** The refusal of a parameter that is not served. */
export function notServed(name: keyof typeof unservedParameters): OAuthError {
  const [code, says] = unservedParameters[name]
  return new OAuthError(code, says, { parameter: name })
}
