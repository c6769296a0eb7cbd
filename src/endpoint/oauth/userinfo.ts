import type { Form } from '../../base/form.ts'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json, mediaType, uriOf } from '../../base/http.ts'
import type { Client } from '../../client/client.ts'
import { termsOf, termsOffered } from '../../client/terms.ts'
import { refuseUnserved } from '../../client/unserved.ts'
import { hasUser } from '../../grant/record.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { answerJwt, encryptFor } from '../../token/told/answer-jwt.ts'
import type { UserClaims } from '../../token/user-claims.ts'
import { userinfoClaims } from '../../token/user-claims.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { requireToken } from './bearer.ts'
import { challenge } from './challenge.ts'
import { givenBack } from './interaction-id.ts'
import { answerMetadata, jwtAnswer } from './jwt-answer.ts'

/** UserInfo endpoint, OIDC Core §5.3. */
export const userinfo: Endpoint = {
  path: '/userinfo',
  under: 'oauth2',
  methods: ['GET', 'POST'],
  errors: 'oauth',
  cors: true,
  metadata: (url, realm) => ({
    userinfo_endpoint: url,
    ...answerMetadata('userinfo', termsOffered(realm).userinfo_response),
  }),

  async handle(realm, http) {
    const presented = await requireToken(realm, http, formOf(http))
    const { client, found, grant, scope } = presented
    if (!hasUser(grant) || !scope.includes('openid')) {
      throw new OAuthError(
        'insufficient_scope',
        'The access token has no openid scope.',
        challenge(realm, 'insufficient_scope'),
      )
    }
    refuseUnserved(realm, client, ['all', 'user', 'openid', 'userinfo'])
    const claims = await userinfoClaims(realm, client, grant, { scope, requestUri: uriOf(http) })
    const headers = { ...presented.headers, ...givenBack(realm, client, http) }
    return answer(realm, client, { ...claims }, { issuer: found.record.issuer, headers })
  },
}

/** OIDC Core §5.3.2: JSON, or a JWT where the client has registered that. */
async function answer(
  realm: Realm,
  client: Client,
  claims: UserClaims,
  { issuer, headers }: { readonly issuer: string; readonly headers: HttpResponse['headers'] },
): Promise<HttpResponse> {
  const { userinfo_response: made } = termsOf(realm, client)
  if (!made.signed && !made.encrypted) return json(200, claims, headers)
  const body = made.signed
    ? await answerJwt(realm, client, made, {
        ...{ typ: 'JWT', lifetime: 0 },
        claims: { ...claims, iss: issuer, aud: client.client_id },
      })
    : await encryptFor(realm, client, made, JSON.stringify(claims), {})
  return jwtAnswer('application/jwt', body, headers)
}

/** RFC 6750 §2.2: a token in the body needs a form; a POST without one uses the header. */
function formOf(http: HttpRequest): Form | undefined {
  if (http.method !== 'POST' || http.body.length === 0) return undefined
  return mediaType(http) === 'application/x-www-form-urlencoded' ? readForm(http) : undefined
}
