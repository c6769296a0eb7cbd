import type { Form } from '../base/form.ts'
import type { Client } from '../client/client.ts'
import { termsOf } from '../client/terms.ts'
import { authorizationRequest } from '../protocol/authorization-request.ts'
import { OAuthError } from '../protocol/error.ts'
import { responseTypeOf } from '../protocol/response-type.ts'
import type { Realm } from '../realm/realm.ts'
import { decisionParameters } from './decision-parameter.ts'
import { invalidObject } from './object-claims.ts'
import type { OpenedObject } from './request-object.ts'

/** What never comes from an object that a browser brings: decisions are read from a POST body (C-6). */
const outside = new Set([...decisionParameters, 'request', 'request_uri'])

/**
 * The parameters of a request whose object came through the browser. RFC 9101 §6.3: those of the
 * object alone. OIDC Core §6.1, §6.3.3: those beside it as well, where the object has none of that name.
 *
 * @throws OAuthError invalid_request when what OpenID Connect wants beside the object is missing,
 * invalid_request_object when the two disagree.
 */
export function assembledForm(
  realm: Realm,
  client: Client,
  object: OpenedObject,
  beside: Form,
): Form {
  const inside = [...object.form].filter(([name]) => !decisionParameters.has(name))
  if (!byOpenidRules(realm, client, beside)) return new Map(inside)
  requireBeside(object.form, beside)
  const known = [...beside].filter(
    ([name]) => Object.hasOwn(authorizationRequest, name) && !outside.has(name),
  )
  return new Map([...known, ...inside])
}

/**
 * Which rules hold (PingAM: oauth2-parameters). OpenID Connect's hold where they are enforced, or where
 * the request has what they want beside the object; never where only what is signed may count.
 */
function byOpenidRules(realm: Realm, client: Client, beside: Form): boolean {
  const { request_object_processing: rules } = termsOf(realm, client)
  if (rules === 'jar') return false
  return rules === 'openid' || (beside.has('response_type') && isOpenid(beside))
}

/** OIDC Core §6.1: so that it is an OAuth 2.0 and OpenID Connect request without the object, too. */
function requireBeside(inside: Form, beside: Form): void {
  const [sent, signed] = [beside.get('response_type'), inside.get('response_type')]
  if (sent === undefined) {
    throw new OAuthError('invalid_request', 'Missing parameter, response_type', {
      why: 'response-type-beside-missing',
    })
  }
  if (isOpenid(inside) && !isOpenid(beside)) {
    throw new OAuthError('invalid_request', 'Missing expected scope=openid from request', {
      why: 'openid-beside-missing',
    })
  }
  const same = signed === undefined || signed === sent || typeOf(signed) === typeOf(sent)
  if (!same)
    throw invalidObject('response_type is another one outside', 'request-object-response-type')
}

/** Of a type that nobody serves its text, so that it equals itself alone. */
function typeOf(text: string): unknown {
  return responseTypeOf.get(text) ?? text
}

function isOpenid(form: Form): boolean {
  return form.get('scope')?.split(' ').includes('openid') ?? false
}
