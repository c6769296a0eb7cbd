import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { OAuthError } from '../protocol/error.ts'
import { asRfcError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import { answerJwt } from '../token/told/answer-jwt.ts'
import type { RedirectionEndpoint } from './redirection.ts'
import { modeOf } from './response-mode/index.ts'
import type { Carried, ResponseParameters, SentParameters } from './response-mode/response-mode.ts'

/** RFC 6749 §4.1.2.1, RFC 9207 §2: what an error says to the client. */
export function errorParameters(
  { state, issuer, terms }: RedirectionEndpoint,
  error: OAuthError,
): ResponseParameters {
  const { code } = terms.error_names === 'rfc' ? asRfcError(error) : error
  return [
    ['error_description', error.description],
    ['state', state],
    ['error', code],
    ['iss', issuer],
  ]
}

/**
 * What the response mode makes of a response: the parameters themselves, or a JWT of them.
 *
 * @throws OAuthError unauthorized_client, where there is no key for the JWT; it cannot be sent to the client then.
 */
export function carried(
  realm: Realm,
  redirection: RedirectionEndpoint,
  parameters: ResponseParameters,
): Ready<Carried> {
  const { carry, jwt } = modeOf(redirection.response_mode)
  const { redirect_uri } = redirection
  if (jwt !== true) return carry(redirect_uri, parameters.map(asText))
  return whenReady(responseJwt(realm, redirection, parameters), (response) =>
    carry(redirect_uri, [['response', response]]),
  )
}

function asText([name, value]: ResponseParameters[number]): SentParameters[number] {
  return [name, typeof value === 'number' ? String(value) : value]
}

/** Seconds for which a client may take it: it comes at once, and JARM §2.1 has ten minutes for the most. */
const lifetime = 300

/** JARM §2.1: the parameters as claims, numbers as numbers, beside who says so to whom and until when. */
function responseJwt(
  realm: Realm,
  { client, terms, issuer }: RedirectionEndpoint,
  parameters: ResponseParameters,
): Ready<string> {
  const { client_id } = client
  const claims = { iss: issuer, aud: client_id, exp: realm.timeOfDay() + lifetime }
  return answerJwt(realm, client, terms.authorization_response, {
    typ: 'JWT',
    lifetime,
    claims: { ...Object.fromEntries(parameters), ...claims },
  })
}
