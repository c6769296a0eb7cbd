import type { Form } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import { header, uriOf } from '../../base/http.ts'
import { event } from '../../base/log.ts'
import { hasServiceAccounts } from '../../client/service-account/account.ts'
import { asClient, serviceAccountClient } from '../../client/service-account/as-client.ts'
import { proveServiceAccount } from '../../client/service-account/assertion.ts'
import { OAuthError } from '../../protocol/error.ts'
import { jwtBearerGrant } from '../../protocol/grant-type.ts'
import { scopeTokens } from '../../protocol/parameter.ts'
import { issueDirect } from '../issue-direct.ts'
import type { AssertionGrant } from './grant-type.ts'

/**
 * RFC 7523 §2.1 for service accounts (PingAM: service accounts). In the root realm only, under a client_id that
 * nobody registers; everywhere else, and for everybody else, there is no such grant.
 */
export const jwtBearer: AssertionGrant = {
  name: jwtBearerGrant,
  isAsked: (realm, form) =>
    hasServiceAccounts(realm) &&
    form.get('grant_type') === jwtBearerGrant &&
    form.get('client_id') === serviceAccountClient,

  async grant(realm, { http, form, binding, proof, resource }) {
    refuseOtherProofs(http, form)
    const assertion = form.get('assertion')
    if (assertion === undefined) throw missingAssertion()
    const { stored, singleUse } = await proveServiceAccount(realm, http, assertion)
    await proof?.spend()
    const client = asClient(stored)
    const { id, name } = stored.account
    http.trace.client = serviceAccountClient
    http.trace.user = id
    // Ping's tools ask again with the same assertion after this refusal: it is spent where something is issued.
    const scope = grantedTo(client.scopeNames, form.get('scope'))
    const direct = { sub: id, username: name, grant_type: jwtBearerGrant, scope } as const
    const response = await issueDirect(
      realm,
      client,
      { ...direct, resource, form, requestUri: uriOf(http) },
      singleUse,
      binding,
    )
    event('service_account.token', { realm: realm.path, account: id, name, scope })
    return response
  },
}

/** RFC 6749 §2.3: no second way of proving oneself beside the first. */
function refuseOtherProofs(http: HttpRequest, form: Form): void {
  const others = ['client_secret', 'client_assertion', 'client_assertion_type']
  if (header(http, 'authorization') === undefined && !others.some((name) => form.has(name))) return
  throw new OAuthError(
    'invalid_request',
    'A service account proves itself by its assertion alone',
    { why: 'grant-assertion-beside' },
  )
}

function missingAssertion(): OAuthError {
  return new OAuthError('invalid_request', 'Missing parameters: assertion', {
    why: 'grant-assertion-missing',
  })
}

/** PingAM's words, by which its tools learn what to leave out; a service account has no defaults. */
function grantedTo(own: ReadonlySet<string>, text: string | undefined): readonly string[] {
  if (text === undefined)
    throw new OAuthError('invalid_scope', 'No scope requested', { why: 'scope-missing' })
  const asked = scopeTokens(text)
  if (asked === undefined)
    throw new OAuthError('invalid_scope', 'The scope is malformed.', { why: 'scope-malformed' })
  const foreign = asked.filter((name) => !own.has(name))
  if (foreign.length === 0) return asked
  const description = `Unsupported scope for service account: ${foreign.join(',')}`
  throw new OAuthError('invalid_scope', description, {
    why: 'service-account-scope',
    reason: 'a scope the service account does not have',
    parameter: 'scope',
  })
}
