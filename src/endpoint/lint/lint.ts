import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { findClient } from '../../client/client.ts'
import { lintIn } from '../../lint/in-realm.ts'
import type { LintProfile } from '../../lint/lint.ts'
import { isLintProfile, lintProfileNames } from '../../lint/lint.ts'
import { readRegistration } from '../../lint/read-registration.ts'
import { readRequest } from '../../lint/read-request.ts'
import type { Asked } from '../../lint/rule.ts'
import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { asAdministrator } from '../admin/administrator.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonBody } from '../serve/json-body.ts'
import { isClientCall, provenClient } from '../serve/proven-client.ts'
import { openJson } from '../serve/version.ts'

/**
 * A registration and a request held against profiles, every breach at once: for administrators of the realm, and for a
 * client about its own registration and a request of its own. Nothing of them is stored or done.
 */
export const lint: Endpoint = {
  under: 'json',
  path: '/parapet/lint',
  methods: ['POST'],
  errors: 'crest',
  cors: false,
  always: true,

  async handle(realm, http) {
    if (!isClientCall(http))
      return asAdministrator(realm, http, async () => asAsked(realm, readJsonBody(http)))
    const version = openJson(http, ['1.0'])
    if ('status' in version) return version
    return ofClient(realm, http)
  },
}

async function ofClient(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const body = readJsonBody(http)
  const client = await provenClient(realm, http, body)
  return answered(realm, body, client, requestIn(body))
}

async function asAsked(realm: Realm, body: JsonObject): Promise<HttpResponse> {
  const client = await clientIn(realm, body)
  const request = requestIn(body)
  if (client === undefined && request === undefined)
    throw bad('The body must have request, registration or client')
  return answered(realm, body, client, request)
}

function answered(
  realm: Realm,
  body: JsonObject,
  client: ClientMetadata | undefined,
  request: Asked | undefined,
): HttpResponse {
  const profiles = profilesIn(body)
  const violations = lintIn(realm, { client, request, profiles })
  const looked_at = ['realm', ...(client ? ['registration'] : []), ...(request ? ['request'] : [])]
  return json(200, { profiles, looked_at, violations })
}

/** One that is registered, `client`, or one that somebody thinks of, `registration`. */
async function clientIn(realm: Realm, body: JsonObject): Promise<ClientMetadata | undefined> {
  const [id, registration] = [member(body, 'client'), member(body, 'registration')]
  if (id !== undefined && registration !== undefined)
    throw bad('The body has client or registration, not both')
  if (isObject(registration)) return readable(registration)
  if (registration !== undefined) throw bad('registration must be an object')
  if (id === undefined) return undefined
  const client = typeof id === 'string' ? await findClient(realm, id) : undefined
  if (client === undefined) throw new OAuthError('not_found', 'There is no such client')
  return client
}

function readable(registration: JsonObject): ClientMetadata {
  const { client, problems } = readRegistration(registration)
  const [problem] = problems
  if (problem !== undefined) throw bad(`registration: ${problem.path}: ${problem.text}`)
  return client
}

function requestIn(body: JsonObject): Asked | undefined {
  const text = member(body, 'request')
  if (text === undefined) return undefined
  const request = typeof text === 'string' ? readRequest(text) : 'it must be a text'
  if (typeof request === 'string') throw bad(`request: ${request}`)
  return request
}

function profilesIn(body: JsonObject): readonly LintProfile[] {
  const names = member(body, 'profiles')
  if (names === undefined) return lintProfileNames
  const known = Array.isArray(names) ? names.filter(isLintProfile) : []
  if (!Array.isArray(names) || known.length < names.length || known.length === 0)
    throw bad(`profiles must be a list of ${lintProfileNames.join(', ')}`)
  return known
}

function bad(says: string): OAuthError {
  return new OAuthError('bad_request', says)
}
