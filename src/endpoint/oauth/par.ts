import { proveRedirection } from '../../authorization/redirection.ts'
import { requireSigned, validateAuthorizationRequest } from '../../authorization/request.ts'
import type { OpenedObject } from '../../authorization/request-object.ts'
import { openRequestObject } from '../../authorization/request-object.ts'
import { openUnprovenObject } from '../../authorization/unproven-object.ts'
import type { HttpResponse } from '../../base/http.ts'
import { header, jsonHeaders } from '../../base/http.ts'
import type { Ready } from '../../base/ready.ts'
import type { Binding } from '../../binding/binding.ts'
import { admitCall, admitSource } from '../../client/admission.ts'
import { requireRegisteredMethod } from '../../client/authenticate.ts'
import { spentBefore } from '../../client/single-use.ts'
import { termsOf, termsOffered } from '../../client/terms.ts'
import type { Reference, ToPush } from '../../grant/transition.ts'
import { push, pushByKey } from '../../grant/transition.ts'
import type {
  AuthorizationParameters,
  AuthorizationRequest,
} from '../../protocol/authorization-request.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { asRfcError, OAuthError } from '../../protocol/error.ts'
import { readParameters } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import type { ClientCall } from './client-call.ts'
import { clientCall } from './client-call.ts'
import { idempotencyKeyHeader, keyedCall } from './idempotency-key.ts'

/** Pushed authorization request endpoint, RFC 9126 §2. */
export const par: Endpoint = {
  path: '/par',
  under: 'oauth2',
  methods: ['POST'],
  errors: 'oauth',
  cors: true,
  metadata: (url, realm) => ({
    pushed_authorization_request_endpoint: url,
    require_pushed_authorization_requests: termsOffered(realm).require_pushed,
    pushed_authorization_request_idempotency_key_supported: true,
  }),

  handle: clientCall({
    spends: true,
    before: (realm, http) =>
      realm.provider.parSourcePushesPerSecond > 0 ? admitSource(realm, http.peer) : undefined,
    async answer(realm, call) {
      try {
        if (termsOf(realm, call.client).pushes_per_second > 0) await admitCall(realm, call.client)
        const pushed = await pushRequest(realm, call)
        return referenceAnswer(pushed)
      } catch (error) {
        const { error_names } = termsOf(realm, call.client)
        throw error_names === 'rfc' && error instanceof OAuthError ? asRfcError(error) : error
      }
    },
  }),
}

/** RFC 9126 §2.2. In a `request_uri` nothing stands that JSON escapes: the text needs no `JSON.stringify`. */
function referenceAnswer({ request_uri, expires_in }: Reference): HttpResponse {
  const body = `{"request_uri":"${request_uri}","expires_in":${expires_in}}`
  return { status: 201, headers: jsonHeaders, body }
}

async function pushRequest(realm: Realm, call: ClientCall): Promise<Reference> {
  const { client, http, singleUse } = call
  const key = header(http, idempotencyKeyHeader)
  if (key !== undefined) {
    const assertion = call.authentication.singleUse
    // A proof is made anew for each call, for one that comes again too.
    if (assertion === undefined) await singleUse?.spend()
    const keyed = keyedCall(http, key, call.binding)
    return pushByKey(realm, client, keyed, async () => validated(realm, call), assertion)
  }
  const valid = validated(realm, call)
  const { request, object } = valid instanceof Promise ? await valid : valid
  // One commit for the record and what is spent by it; a second id is spent before.
  if (object !== undefined) await singleUse?.spend()
  const spent = object ?? singleUse
  const pushed = await push(realm, client, request, spent)
  if (pushed === 'spent') throw spentBefore(spent)
  return pushed
}

/** RFC 9126 §2.1: what is asked for, by every rule, and the `jti` of the object that asks. */
function validated(realm: Realm, call: ClientCall): Ready<ToPush> {
  const { form } = call
  if (form.has('request_uri')) {
    // RFC 9126 §2.1: a pushed request never points at another one.
    throw new OAuthError('invalid_request', 'Invalid parameter request_uri', {
      why: 'request-uri-in-push',
    })
  }
  const pushed = form.has('request') ? pushedObject(realm, call) : undefined
  return pushed === undefined
    ? allowed(realm, call, undefined)
    : pushed.then((object) => allowed(realm, call, object))
}

/** What is asked for by the form, or by the object in its place. */
function allowed(realm: Realm, call: ClientCall, object: OpenedObject | undefined): Ready<ToPush> {
  const { client, form } = call
  requireSigned(termsOf(realm, client), object?.signed_by)
  const asked = readParameters(authorizationRequest, object?.form ?? form)
  const parameters = withKey(asked, call.binding)
  const redirection = proveRedirection(realm, client, parameters)
  const { signed_by } = object ?? {}
  const valid = validateAuthorizationRequest(realm, client, parameters, redirection, signed_by)
  const registered = (request: AuthorizationRequest): ToPush => {
    requireRegisteredMethod(realm, call.authentication, request.scope)
    return { request, object: object?.singleUse }
  }
  return valid instanceof Promise ? valid.then(registered) : registered(valid)
}

/** RFC 9449 §10.1: a proof that comes with the push counts as if the request had named its key. */
function withKey(
  parameters: AuthorizationParameters,
  { kind, cnf }: Binding,
): AuthorizationParameters {
  if (kind !== 'dpop') return parameters
  const { dpop_jkt = cnf.jkt } = parameters
  if (dpop_jkt !== cnf.jkt)
    throw new OAuthError('invalid_request', 'dpop_jkt and DPoP proof are of two keys', {
      why: 'dpop-jkt-other',
      parameter: 'dpop_jkt',
    })
  return { ...parameters, dpop_jkt }
}

/** RFC 9126 §3, C-5: beside a request object stands only who is asking. */
async function pushedObject(
  realm: Realm,
  { client, form, http }: ClientCall,
): Promise<OpenedObject | undefined> {
  const token = form.get('request')
  if (token === undefined) return undefined
  for (const name of form.keys()) {
    if (name !== 'request' && Object.hasOwn(authorizationRequest, name)) {
      throw new OAuthError('invalid_request', `Invalid parameter ${name}`, {
        why: 'parameter-beside-object',
        parameter: name,
      })
    }
  }
  // Whoever calls itself a public client has proven nothing.
  const open = client.clientType === 'Public' ? openUnprovenObject : openRequestObject
  return open(realm, client, token, http)
}
