import type { Form } from '../base/form.ts'
import { parseForm } from '../base/form.ts'
import { parseJws } from '../jose/compact.ts'
import { authorizationRequest } from '../protocol/authorization-request.ts'
import { formOfClaims } from '../protocol/object-parameters.ts'
import { mayRepeat } from '../protocol/parameter.ts'
import type { Asked, JwtParts } from './rule.ts'

const limits = { parameters: 200, bytes: 65_536 }

const reference = 'urn:ietf:params:oauth:request_uri:'

/**
 * A request as text: the URL of an authorization endpoint, or the form of a push. Answers what is wrong with the text
 * itself. Nothing is verified, and nothing that a reference leads to is looked for.
 */
export function readRequest(text: string): Asked | string {
  const trimmed = text.trim()
  if (trimmed === '') return 'there is no request'
  const url = /^https?:\/\//i.test(trimmed) ? URL.parse(trimmed) : undefined
  if (url === null) return 'the URL cannot be read'
  const outer = parseForm(url === undefined ? trimmed : url.search.slice(1), limits, mayRepeat)
  if ('problem' in outer) return `the ${url === undefined ? 'form' : 'query'} is ${outer.problem}`
  if (
    url === undefined &&
    ![...outer.keys()].some((name) => Object.hasOwn(authorizationRequest, name))
  )
    return 'neither a URL nor the form of an authorization request'
  const token = outer.get('request')
  const object = token === undefined ? undefined : jwtParts(token)
  return {
    by: url === undefined ? 'push' : isReference(outer) ? 'reference' : 'browser',
    outer,
    parameters: parametersOf(outer, object),
    object,
    unreadable: (token !== undefined && object === undefined) || isForeign(outer),
    assertion: jwtParts(outer.get('client_assertion') ?? ''),
  }
}

/** What a push was answered with; PingAM’s bare form has no prefix, and is no URL either. */
function isReference(outer: Form): boolean {
  const uri = outer.get('request_uri')
  return uri !== undefined && (uri.startsWith(reference) || !/^https?:/i.test(uri))
}

/** A request object that lies at the client’s. */
function isForeign(outer: Form): boolean {
  return /^https?:/i.test(outer.get('request_uri') ?? '')
}

function jwtParts(token: string): JwtParts | undefined {
  const jws = parseJws(token)
  return jws.ok ? { header: jws.header, claims: jws.claims } : undefined
}

function parametersOf(outer: Form, object: JwtParts | undefined): Form {
  if (object === undefined) return outer
  const form = formOfClaims(authorizationRequest, object.claims)
  return typeof form === 'string' ? new Map() : form
}
