import type { Form } from '../../base/form.ts'
import { uriOf } from '../../base/http.ts'
import type { Binding } from '../../binding/binding.ts'
import { isBoundTo } from '../../binding/binding.ts'
import { requireRegisteredMethod } from '../../client/authenticate.ts'
import type { Client } from '../../client/client.ts'
import { requireScope, withoutIgnored } from '../../client/client.ts'
import { refuseUnservedUse } from '../../client/unserved.ts'
import { noteApplication } from '../../grant/application.ts'
import type { Grant } from '../../grant/record.ts'
import { OAuthError } from '../../protocol/error.ts'
import { scopeTokens } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { addToken } from '../access-token.ts'
import type { Audience } from '../audience.ts'
import { audienceOf, resourcesOf } from '../audience.ts'
import { tokenResponse } from '../issue.ts'
import { isRetry, redeemRefreshToken } from '../refresh-token.ts'
import { modified } from '../script/modify.ts'
import type { Extent } from '../told/details.ts'
import { extentLeft, hasDetails, withDetails } from '../told/details.ts'
import { requireActiveUser } from '../user-claims.ts'
import type { GrantType } from './grant-type.ts'

/** RFC 6749 §6. */
export const refreshToken: GrantType = {
  name: 'refresh_token',
  async grant(realm, { http, authentication, form, binding, singleUse, resource }) {
    const token = form.get('refresh_token')
    if (token === undefined)
      throw new OAuthError('invalid_request', 'Missing parameters: refresh_token', {
        why: 'refresh-missing',
      })
    const { client } = authentication
    const caller = { client, singleUse }
    const request = { token, binding, http }
    return redeemRefreshToken(realm, caller, request, async (found, before) => {
      await requireActiveUser(realm, client.client_id, before)
      requireRegisteredMethod(realm, authentication, before.scope)
      refuseUnservedUse(realm, client, before)
      const { scope, details } = extentAsked(realm, client, before, form)
      const audience = await audienceOf(realm, client, before, { scope, resource })
      const again =
        isRetry(found) && latestHas(realm, before, audience, binding) && hasDetails(before, details)
      const requestUri = uriOf(http)
      const grant = again
        ? before
        : await modified(
            realm,
            client,
            withDetails(addToken(realm, before, audience, binding.cnf), details),
            { form, requestUri },
          )
      const [response] = await Promise.all([
        tokenResponse(realm, client, found, grant, {
          ...{ refreshed: true, asked: scope, requestUri },
        }),
        noteApplication(realm, client, grant),
      ])
      return { grant, response }
    })
  },
}

/** What was granted and is still the client's, or less if it asks for less. */
function extentAsked(realm: Realm, client: Client, grant: Grant, form: Form): Extent {
  const left = extentLeft(realm, client, grant, form.get('authorization_details'))
  const asked = form.get('scope')
  if (asked === undefined) return left
  const scope = narrowed(client, left.scope, asked)
  return { ...left, scope: (left.details ?? []).length > 0 ? scope : requireScope(scope) }
}

/** Whether the access token issued last is still there, lives, and is for this and this key. */
function latestHas(
  realm: Realm,
  grant: Grant,
  { scope, resource }: Audience,
  binding: Binding,
): boolean {
  const token = grant.tokens.at(-1)
  if (token === undefined || token.n !== grant.last || realm.now() >= token.by) return false
  const sameKey =
    token.cnf === undefined ? binding.cnf === undefined : isBoundTo(binding, token.cnf)
  if (!sameKey) return false
  return (
    isSameSet(token.scope ?? grant.scope, scope) &&
    isSameSet(resourcesOf(grant, token) ?? [], resource ?? [])
  )
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && other.every((name) => one.includes(name))
}

/** RFC 6749 §6: never wider than what was granted. */
function narrowed(client: Client, granted: readonly string[], text: string): readonly string[] {
  const named = scopeTokens(text)
  if (named === undefined)
    throw new OAuthError('invalid_scope', 'The scope is malformed.', { why: 'scope-malformed' })
  const asked = withoutIgnored(client, named)
  const wider = asked.filter((name) => !granted.includes(name))
  if (wider.length > 0) {
    throw new OAuthError('invalid_scope', `Unknown/invalid scope(s): [${wider.join(', ')}]`, {
      why: 'refresh-scope-wider',
      reason: 'a scope that was not granted',
      parameter: 'scope',
    })
  }
  return asked
}
