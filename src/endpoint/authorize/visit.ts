/**
 * authorize: the hub. A visit is read, its request found or validated, `decide()` asked, and its
 * answer carried out; login and consent come back to the same URL and never know each other.
 */

import { decisionParameters } from '../../authorization/decision-parameter.ts'
import type { Form } from '../../base/form.ts'
import { encodeForm } from '../../base/form.ts'
import type { HttpRequest } from '../../base/http.ts'
import type { Client } from '../../client/client.ts'
import { findClient } from '../../client/client.ts'
import type { Prompt } from '../../protocol/authorization-request.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readForm, readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { currentSession } from '../../session/cookie.ts'
import type { Session } from '../../session/session.ts'

/** One request of a browser to the authorization endpoint, read once. */
export interface Visit {
  readonly realm: Realm
  readonly http: HttpRequest
  readonly form: Form
  readonly client: Client
  readonly session: Session | undefined
}

/**
 * Reads a visit: the parameters of the query, or of the body of a POST, and whose they are.
 *
 * @throws OAuthError for a page: nothing is known yet of where an answer might go.
 */
export async function readVisit(realm: Realm, http: HttpRequest): Promise<Visit> {
  const form = withoutRealm(http.method === 'POST' ? readPost(http) : readQuery(http))
  const client_id = form.get('client_id')
  if (client_id === undefined) {
    throw new OAuthError('invalid_request', 'Missing parameter, client_id', {
      why: 'client-id-missing',
      parameter: 'client_id',
    })
  }
  const client = await findClient(realm, client_id)
  if (client?.status !== 'Active') {
    throw new OAuthError('invalid_client', 'Client authentication failed', {
      why: client === undefined ? 'client-unknown' : 'client-inactive',
      parameter: 'client_id',
      status: 400,
    })
  }
  http.trace.client = client_id
  const session = await currentSession(realm, http)
  return { realm, http, form, client, session }
}

/**
 * The body of a POST, and nothing beside it; except that a remote consent service posts its answer alone, to
 * the URL that it was told, and what is answered stands in there (PingAM: remote-consent).
 */
function readPost(http: HttpRequest): Form {
  const body = readForm(http)
  if (!body.has('consent_response')) return body
  const url = [...readQuery(http)].filter(([name]) => !decisionParameters.has(name))
  const answer = [...body].filter(([name]) => name.startsWith('consent_'))
  return new Map([...url, ...answer])
}

/** The realm is no parameter of the request: it was found, by path and query, before this was read. */
function withoutRealm(form: Form): Form {
  return form.has('realm') ? new Map([...form].filter(([name]) => name !== 'realm')) : form
}

/** `prompt` as the browser brings it beside a request_uri: what cannot be read there is passed over (C-6). */
export function livePrompt({ form }: Visit): readonly Prompt[] {
  const text = form.get('prompt')
  return text === undefined ? [] : (authorizationRequest.prompt.read(text) ?? [])
}

/** This URL again, by GET, for a login to come back to. Of a pushed request only its reference stands in it (C-33). */
export function returnUrl({ realm, http, form }: Visit): string {
  const pushed = form.has('request_uri')
  const pairs = [...form].filter(([name]) =>
    pushed ? reference.has(name) : !decisionParameters.has(name),
  )
  return `${realm.url.slice(0, realm.url.indexOf('/', 8))}${http.path}?${encodeForm([['realm', namedRealm(http)], ...pairs])}`
}

const reference = new Set(['client_id', 'request_uri', 'prompt'])

/** C-13: the realm is named in the query, of a POST as of a GET, and never in the body. */
function namedRealm(http: HttpRequest): string | undefined {
  return new URLSearchParams(http.query).get('realm') ?? undefined
}

/** Where a page's form posts to: the same path; of the query only `realm` counts on a POST. */
export function formTarget(http: HttpRequest): string {
  const named = namedRealm(http)
  return named === undefined ? http.path : `${http.path}?realm=${encodeURIComponent(named)}`
}

/**
 * The login page for this visit (PingAM: the query order is realm, service, goto). PingAM's `#login`
 * behind it is left out: it names the button of that id, and then no field gets the focus.
 */
export function loginUrl(visit: Visit, journey: string | undefined): string {
  const { realm } = visit
  const query = encodeForm([
    ['realm', realm.path],
    ['service', journey],
    ['goto', returnUrl(visit)],
  ])
  return `${realm.url}/XUI/?${query}`
}
