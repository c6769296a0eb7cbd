import { proveRedirection } from '../authorization/redirection.ts'
import { validateAuthorizationRequest } from '../authorization/request.ts'
import { refuseUnsupported } from '../authorization/rules.ts'
import type { Form } from '../base/form.ts'
import { json } from '../base/http.ts'
import type { ClientAuthentication } from '../client/authenticate.ts'
import { authenticateClient, requireRegisteredMethod } from '../client/authenticate.ts'
import { profileOf } from '../client/client.ts'
import { spentBefore } from '../client/mark.ts'
import type { Pushed } from '../grant/push.ts'
import { push } from '../grant/push.ts'
import type { Realm } from '../realm/realm.ts'
import { authorizationRequest } from '../spec/authorization-request.ts'
import { asRfcError, OAuthError } from '../spec/error.ts'
import { readForm, readParameters } from '../spec/parameter.ts'
import { refuseDpop } from './dpop.ts'
import type { Endpoint } from './endpoint.ts'

/** Pushed authorization request endpoint, RFC 9126 §2. */
export const par: Endpoint = {
  path: '/par',
  under: 'oauth2',
  methods: ['POST'],
  errors: 'oauth',
  cors: true,
  metadata: (url, realm) => ({
    pushed_authorization_request_endpoint: url,
    require_pushed_authorization_requests:
      realm.profile.require_pushed || realm.provider.requirePushedAuthorizationRequests,
  }),

  async handle(realm, http) {
    const form = readForm(http)
    const authentication = await authenticateClient(realm, http, form)
    refuseDpop(http)
    try {
      const pushed = await pushRequest(realm, authentication, form)
      return json(201, { request_uri: pushed.request_uri, expires_in: pushed.expires_in })
    } catch (error) {
      // The assertion was good and has been used, whatever became of the request.
      await authentication.mark?.spend()
      const { error_names } = profileOf(realm, authentication.client)
      throw error_names === 'rfc' && error instanceof OAuthError ? asRfcError(error) : error
    }
  },
}

async function pushRequest(
  realm: Realm,
  authentication: ClientAuthentication,
  form: Form,
): Promise<Pushed> {
  const { client, mark } = authentication
  if (form.has('request_uri')) {
    // RFC 9126 §2.1: a pushed request never points at another one.
    throw new OAuthError('invalid_request', 'Invalid parameter request_uri')
  }
  const parameters = readParameters(authorizationRequest, form)
  // Before the redirect URI: a request object brings its own.
  refuseUnsupported(parameters)
  const redirection = proveRedirection(realm, client, parameters)
  const request = await validateAuthorizationRequest(realm, client, parameters, redirection)
  requireRegisteredMethod(realm, authentication, request.scope)
  const pushed = await push(realm, client, request, mark?.take())
  if (pushed === 'spent') throw spentBefore(mark)
  return pushed
}
