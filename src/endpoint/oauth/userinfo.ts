import type { Form } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import { header, json, mediaType } from '../../base/http.ts'
import { termsOf } from '../../client/terms.ts'
import { refuseUnserved } from '../../client/unserved.ts'
import { hasUser } from '../../grant/record.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm } from '../../protocol/parameter.ts'
import { userinfoClaims } from '../../token/user-claims.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { challenge, requireToken } from './bearer.ts'

/** UserInfo endpoint, OIDC Core §5.3. */
export const userinfo: Endpoint = {
  path: '/userinfo',
  under: 'oauth2',
  methods: ['GET', 'POST'],
  errors: 'oauth',
  cors: true,
  metadata: (url) => ({ userinfo_endpoint: url }),

  async handle(realm, http) {
    const { client, grant, scope, headers } = await requireToken(realm, http, formOf(http))
    if (!hasUser(grant) || !scope.includes('openid')) {
      throw new OAuthError(
        'insufficient_scope',
        'The access token has no openid scope.',
        challenge(realm, 'insufficient_scope'),
      )
    }
    refuseUnserved(realm, client, ['all', 'user', 'openid', 'userinfo'])
    const { subname, interaction_id } = termsOf(realm, client)
    const claims = await userinfoClaims(realm, grant, scope, subname)
    return json(200, claims, { ...headers, ...(interaction_id ? sentInteractionId(http) : {}) })
  },
}

/** FAPI 1.0 Baseline §6.2.1-11; what is no UUID is not given back. */
function sentInteractionId(http: HttpRequest): Readonly<Record<string, string>> {
  const sent = header(http, 'x-fapi-interaction-id')
  const good = sent !== undefined && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(sent)
  return good ? { 'x-fapi-interaction-id': sent } : {}
}

/** RFC 6750 §2.2: a token in the body needs a form; a POST without one uses the header. */
function formOf(http: HttpRequest): Form | undefined {
  if (http.method !== 'POST' || http.body.length === 0) return undefined
  return mediaType(http) === 'application/x-www-form-urlencoded' ? readForm(http) : undefined
}
