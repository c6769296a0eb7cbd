import { proveRedirection } from '../../authorization/redirection.ts'
import { validateAuthorizationRequest } from '../../authorization/request.ts'
import type { OpenedObject } from '../../authorization/request-object.ts'
import { openRequestObject } from '../../authorization/request-object.ts'
import { requireSigned } from '../../authorization/rules.ts'
import { openUnprovenObject } from '../../authorization/unproven-object.ts'
import type { Form } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { ClientAuthentication } from '../../client/authenticate.ts'
import { authenticateClient, requireRegisteredMethod } from '../../client/authenticate.ts'
import type { Client } from '../../client/client.ts'
import { profileOf } from '../../client/client.ts'
import type { SingleUse } from '../../client/mark.ts'
import { spentBefore } from '../../client/mark.ts'
import type { Pushed } from '../../grant/push.ts'
import { push } from '../../grant/push.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { asRfcError, OAuthError } from '../../protocol/error.ts'
import { readForm, readParameters } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { refuseDpop } from './dpop.ts'

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
      const pushed = await pushRequest(realm, authentication, form, http)
      return json(201, { request_uri: pushed.request_uri, expires_in: pushed.expires_in })
    } catch (error) {
      // The assertion was good and has been used, whatever became of the request.
      await authentication.singleUse?.spend()
      const { error_names } = profileOf(realm, authentication.client)
      throw error_names === 'rfc' && error instanceof OAuthError ? asRfcError(error) : error
    }
  },
}

async function pushRequest(
  realm: Realm,
  authentication: ClientAuthentication,
  form: Form,
  http: HttpRequest,
): Promise<Pushed> {
  const { client } = authentication
  if (form.has('request_uri')) {
    // RFC 9126 §2.1: a pushed request never points at another one.
    throw new OAuthError('invalid_request', 'Invalid parameter request_uri')
  }
  const object = form.has('request') ? await pushedObject(realm, client, form, http) : undefined
  requireSigned(realm, client, object?.signed_by)
  const parameters = readParameters(authorizationRequest, object?.form ?? form)
  const redirection = proveRedirection(realm, client, parameters)
  const { signed_by } = object ?? {}
  const valid = validateAuthorizationRequest(realm, client, parameters, redirection, signed_by)
  const request = valid instanceof Promise ? await valid : valid
  requireRegisteredMethod(realm, authentication, request.scope)
  return await store(realm, client, request, authentication.singleUse, object?.singleUse)
}

/** RFC 9126 §3, C-5: beside a request object stands only who is asking. */
async function pushedObject(
  realm: Realm,
  client: Client,
  form: Form,
  http: HttpRequest,
): Promise<OpenedObject | undefined> {
  const token = form.get('request')
  if (token === undefined) return undefined
  for (const name of form.keys()) {
    if (name !== 'request' && Object.hasOwn(authorizationRequest, name)) {
      throw new OAuthError('invalid_request', `Invalid parameter ${name}`, { parameter: name })
    }
  }
  // Whoever calls itself a public client has proven nothing.
  const open = client.clientType === 'Public' ? openUnprovenObject : openRequestObject
  return open(realm, client, token, http)
}

/** One commit for the record and what is spent by it; a second mark is spent before. */
async function store(
  realm: Realm,
  client: Client,
  request: AuthorizationRequest,
  assertion: SingleUse | undefined,
  object: SingleUse | undefined,
): Promise<Pushed> {
  if (object !== undefined) await assertion?.spend()
  const mark = object ?? assertion
  const pushed = await push(realm, client, request, mark)
  if (pushed === 'spent') throw spentBefore(mark)
  return pushed
}
