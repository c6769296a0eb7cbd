import { uriOf } from '../../base/http.ts'
import { requireRegisteredMethod } from '../../client/authenticate.ts'
import { scopeLeft } from '../../client/client.ts'
import { refuseUnservedUse } from '../../client/unserved.ts'
import { noteApplication } from '../../grant/application.ts'
import type { Grant } from '../../grant/record.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { addToken } from '../access-token.ts'
import { audienceOf } from '../audience.ts'
import { redeemCode } from '../code.ts'
import { tokenResponse } from '../issue.ts'
import { firstRefresh, issuesRefreshToken } from '../refresh-token.ts'
import { modified } from '../script/modify.ts'
import { extentLeft, withDetails } from '../told/details.ts'
import { requireActiveUser } from '../user-claims.ts'
import type { GrantType, TokenRequest } from './grant-type.ts'

/** RFC 6749 §4.1.3, RFC 7636 §4.5. */
export const authorizationCode: GrantType = {
  name: 'authorization_code',
  async grant(realm, request) {
    const { authentication, form, binding, singleUse } = request
    const code = form.get('code')
    if (code === undefined)
      throw new OAuthError('invalid_request', 'Missing parameters: code', { why: 'code-missing' })
    const redemption = {
      code,
      redirect_uri: form.get('redirect_uri'),
      code_verifier: form.get('code_verifier'),
      binding,
    }
    const { client } = authentication
    return redeemCode(realm, { client, singleUse }, redemption, async (found, before) => {
      const grant = await firstTokens(realm, before, request)
      const [response] = await Promise.all([
        tokenResponse(realm, client, found, grant, {
          refreshed: false,
          asked: scopeLeft(client, grant.scope),
          requestUri: uriOf(request.http),
          code,
        }),
        noteApplication(realm, client, grant),
      ])
      return { grant, response }
    })
  },
}

async function firstTokens(
  realm: Realm,
  grant: Grant,
  { http, authentication, form, binding, resource }: TokenRequest,
): Promise<Grant> {
  const { client } = authentication
  await requireActiveUser(realm, client.client_id, grant)
  requireRegisteredMethod(realm, authentication, grant.scope)
  refuseUnservedUse(realm, client, grant)
  const { scope, details } = extentLeft(realm, client, grant, form.get('authorization_details'))
  const audience = await audienceOf(realm, client, grant, { scope, resource })
  const added = withDetails(addToken(realm, grant, audience, binding.cnf), details)
  const withToken = await modified(realm, client, added, { form, requestUri: uriOf(http) })
  return issuesRefreshToken(realm, client)
    ? { ...withToken, refresh: firstRefresh(realm, client, binding) }
    : withToken
}
