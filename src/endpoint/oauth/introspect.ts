import { writeJson } from '../../base/exact-json.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, json, jsonHeaders } from '../../base/http.ts'
import type { Client } from '../../client/client.ts'
import { servedAssertionAlgorithms, servedMethods } from '../../client/method/index.ts'
import { invalidClient } from '../../client/refusal.ts'
import { termsOf, termsOffered } from '../../client/terms.ts'
import { refuseUnserved } from '../../client/unserved.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { introspect as introspectToken } from '../../token/introspect.ts'
import { answerJwt } from '../../token/told/answer-jwt.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { clientCall } from './client-call.ts'
import { answerMetadata, jwtAnswer } from './jwt-answer.ts'

const rfc9701 = 'application/token-introspection+jwt'

/**
 * JSON, or a JWT where the caller asks for one or has registered that (RFC 9701 §4). What it asks for by the
 * type of RFC 9701 has that document's form; otherwise realm and client may have PingAM's older one, in which
 * every member is a claim.
 */
async function answer(
  realm: Realm,
  client: Client,
  http: HttpRequest,
  told: Readonly<Record<string, unknown>>,
): Promise<HttpResponse> {
  const { introspection_response: made, introspection_claim } = termsOf(realm, client)
  const asked = accepts(http, rfc9701)
  if (!asked && !made.signed && !accepts(http, 'application/jwt')) {
    return told.authorization_details === undefined
      ? json(200, told)
      : { status: 200, headers: jsonHeaders, body: writeJson(told) }
  }
  const nested = asked || introspection_claim
  const body = await answerJwt(realm, client, made, {
    typ: nested ? 'token-introspection+jwt' : 'JWT',
    lifetime: 0,
    claims: {
      ...(nested ? { token_introspection: told } : told),
      iss: realm.issuer,
      aud: client.client_id,
      iat: realm.timeOfDay(),
    },
  })
  return jwtAnswer(nested ? rfc9701 : 'application/jwt', body)
}

/** Whether a media type is asked for by its name (RFC 9110 §12.5.1): `*` asks for nothing in particular. */
function accepts(http: HttpRequest, mediaType: string): boolean {
  return (header(http, 'accept') ?? '').split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return name === mediaType && !parameters.some((each) => /^q=0(?:\.0*)?$/.test(each))
  })
}

/** Token introspection endpoint, RFC 7662 §2; for clients that can prove themselves. */
export const introspect: Endpoint = {
  path: '/introspect',
  under: 'oauth2',
  methods: ['POST'],
  errors: 'oauth',
  cors: true,
  metadata: (url, realm) => ({
    introspection_endpoint: url,
    introspection_endpoint_auth_methods_supported: servedMethods(realm).filter(
      (name) => name !== 'none',
    ),
    introspection_endpoint_auth_signing_alg_values_supported: servedAssertionAlgorithms(realm),
    ...answerMetadata('introspection', termsOffered(realm).introspection_response),
  }),

  handle: clientCall({
    spends: false,
    async answer(realm, { http, form, client }) {
      if (client.clientType === 'Public') {
        const why = 'public-client-introspects'
        throw invalidClient(realm, http, client, { why, reason: 'public client' })
      }
      const token = form.get('token')
      if (token === undefined) throw new OAuthError('invalid_request', 'Missing parameters: token')
      refuseUnserved(realm, client, ['introspection'])
      return answer(realm, client, http, await introspectToken(realm, client, token))
    },
  }),
}
