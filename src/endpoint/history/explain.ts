import type { HttpResponse } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Client } from '../../client/client.ts'
import { type Asked, explain } from '../../history/explain.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { asAdministrator } from '../admin/administrator.ts'
import { crestError } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { readJsonBody } from '../serve/json-body.ts'
import { isClientCall, provenClient } from '../serve/proven-client.ts'
import { openJson } from '../serve/version.ts'
import { atTheirRate } from './rate.ts'

/** Members that say what is asked about: one of them. */
const questions = ['token', 'request_uri', 'request'] as const

/**
 * What became of a push or an authorization: for administrators of the realm, and for a client about its
 * own. What is asked about stands in the body, never in a URL (C-33).
 */
export const explainAuthorization: Endpoint = {
  under: 'json',
  path: '/parapet',
  methods: ['POST'],
  errors: 'crest',
  cors: false,
  always: true,

  async handle(realm, http) {
    if (readQuery(http).get('_action') !== 'explain')
      return crestError(400, 'The action is not supported')
    if (!isClientCall(http)) {
      return asAdministrator(realm, http, ({ by, sub = by }) =>
        explained(realm, readJsonBody(http), `account ${sub}`, undefined),
      )
    }
    const version = openJson(http, ['1.0'])
    if ('status' in version) return version
    const body = readJsonBody(http)
    const client = await provenClient(realm, http, body)
    return explained(realm, body, `client ${realm.path} ${client.client_id}`, client)
  },
}

/** `caller`: whose rate it counts for. */
function explained(
  realm: Realm,
  body: JsonObject,
  caller: string,
  client: Client | undefined,
): Promise<HttpResponse> {
  const asked = askedIn(body)
  return atTheirRate(realm, caller, async () => {
    const people = member(body, 'people') === true
    const told = await explain(realm, asked, { client, people })
    // Never made, somebody else's, or not known any more: one answer.
    return told === undefined ? crestError(404) : json(200, told)
  })
}

/** @throws OAuthError bad_request. */
function askedIn(body: JsonObject): Asked {
  const given = questions.filter((name) => member(body, name) !== undefined)
  const [name] = given
  const text = name === undefined ? undefined : member(body, name)
  if (name === undefined || given.length > 1 || typeof text !== 'string' || text === '')
    throw new OAuthError('bad_request', `The body must have one of ${questions.join(', ')}`)
  return name === 'request' ? { request: text } : { token: text }
}
