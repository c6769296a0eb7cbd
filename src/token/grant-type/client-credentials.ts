import { uriOf } from '../../base/http.ts'
import { defaultScope, grantedScope } from '../../client/client.ts'
import { grantedDetails } from '../../client/details.ts'
import { refuseUnserved } from '../../client/unserved.ts'
import { OAuthError } from '../../protocol/error.ts'
import { scopeTokens } from '../../protocol/parameter.ts'
import { issueDirect } from '../issue-direct.ts'
import type { GrantType } from './grant-type.ts'

/** RFC 6749 §4.4: a confidential client for itself; never with a refresh token. */
export const clientCredentials: GrantType = {
  name: 'client_credentials',
  async grant(realm, { http, authentication: { client }, form, binding, singleUse, resource }) {
    if (client.clientType === 'Public') {
      throw new OAuthError(
        'unauthorized_client',
        "Public clients can't use client credentials grant.",
        { why: 'client-credentials-public' },
      )
    }
    refuseUnserved(realm, client, ['all'])
    const text = form.get('scope')
    const asked = text === undefined ? undefined : scopeTokens(text)
    if (text !== undefined && asked === undefined)
      throw new OAuthError('invalid_scope', 'The scope is malformed.', { why: 'scope-malformed' })
    const wanted = form.get('authorization_details')
    const authorization_details = wanted && grantedDetails(realm, client, wanted)
    const granted =
      asked === undefined && wanted !== undefined
        ? defaultScope(realm, client)
        : grantedScope(realm, client, asked)
    const scope = granted.filter((name) => name !== 'openid')
    if (scope.length === 0 && wanted === undefined) {
      throw new OAuthError('invalid_scope', 'A client itself has no use for the scope openid.', {
        why: 'client-credentials-openid',
      })
    }
    const { client_id: sub } = client
    const direct = { sub, username: sub, grant_type: 'client_credentials', scope } as const
    const whole = authorization_details ? { ...direct, authorization_details } : direct
    const asking = { ...whole, resource, form, requestUri: uriOf(http) }
    return issueDirect(realm, client, asking, singleUse, binding)
  },
}
