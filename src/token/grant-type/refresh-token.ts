import { requireRegisteredMethod } from '../../client/authenticate.ts'
import { OAuthError } from '../../spec/error.ts'
import { scopeTokens } from '../../spec/read.ts'
import { addToken } from '../access-token.ts'
import { tokenResponse } from '../issue.ts'
import { redeemRefreshToken } from '../refresh-token.ts'
import { requireActiveUser } from '../user-claims.ts'
import type { GrantType } from './grant-type.ts'

/** RFC 6749 §6. */
export const refreshToken: GrantType = {
  name: 'refresh_token',
  async grant(realm, authentication, form) {
    const token = form.get('refresh_token')
    if (token === undefined)
      throw new OAuthError('invalid_request', 'Missing parameters: refresh_token')
    const { client } = authentication
    const asked = form.get('scope')
    const redeemed = await redeemRefreshToken(realm, authentication, token, async (grant) => {
      await requireActiveUser(realm, grant)
      requireRegisteredMethod(realm, authentication, grant.scope)
      const known = grant.scope.filter((name) => client.scopeNames.has(name))
      const scope = asked === undefined ? known : narrowed(known, asked)
      return scope.length === grant.scope.length
        ? addToken(realm, client, grant)
        : addToken(realm, client, grant, scope)
    })
    return tokenResponse(realm, client, redeemed, { refreshed: true })
  },
}

/** RFC 6749 §6: never wider than what was granted. */
function narrowed(granted: readonly string[], text: string): readonly string[] {
  const asked = scopeTokens(text)
  if (asked === undefined) throw new OAuthError('invalid_scope', 'The scope is malformed.')
  const wider = asked.filter((name) => !granted.includes(name))
  if (wider.length > 0)
    throw new OAuthError('invalid_scope', `Unknown/invalid scope(s): [${wider.join(', ')}]`)
  return asked
}
