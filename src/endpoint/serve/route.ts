import type { HttpRequest, HttpResponse, Serve } from '../../base/http.ts'
import { lru } from '../../base/lru.ts'
import type { Ready } from '../../base/ready.ts'
import { traced } from '../../base/trace.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Located } from '../../realm/locate.ts'
import { locateManaged, locateRealm, mayNameRealm, namedRealm } from '../../realm/locate.ts'
import type { Realm } from '../../realm/realm.ts'
import type { RealmAddress, Realms } from '../../realm/realms.ts'
import { answer, failed, outcome, sharedHeaders } from './answer.ts'
import { crestError } from './crest.ts'
import type { Endpoint } from './endpoint.ts'
import { acceptsPage, missingPage } from './error-answer.ts'

/** Everything of AM's lives below it. */
const basePath = '/am'
const metadataPrefix = '/.well-known/oauth-authorization-server'
const metadataPath = '/.well-known/openid-configuration'

type Under = Endpoint['under']

interface Matched {
  readonly endpoint: Endpoint
  readonly rest: string
}

/** The routes of these endpoints in these realms: finds endpoint and realm of a request, and answers it. */
export function router(endpoints: readonly Endpoint[], realms: Realms): Serve {
  const find = finder(matcher(endpoints))
  // Without a promise as long as none is needed: nearly always the realm is known.
  const route = (http: HttpRequest): Ready<HttpResponse> => {
    const place = find(http)
    if (place === undefined) return notFound(http, 'Not Found', missingPage(http))
    try {
      if (place.path !== undefined) return inRealm(realms, http, place, place.path)
      const alias = realms.aliasOf(hostOf(http))
      return alias instanceof Promise
        ? alias
            .then((path) => inRealm(realms, http, place, path ?? '/'))
            .catch((thrown: unknown) => failed(place.endpoint, undefined, http, thrown))
        : inRealm(realms, http, place, alias ?? '/')
    } catch (thrown) {
      return failed(place.endpoint, undefined, http, thrown)
    }
  }
  return (http) => traced(http.trace, () => route(http))
}

function matcher(endpoints: readonly Endpoint[]): Match {
  const exact = new Map<string, Endpoint>()
  const open: Endpoint[] = []
  for (const endpoint of endpoints) {
    if (endpoint.path.endsWith('/*')) open.push(endpoint)
    else exact.set(`${endpoint.under} ${endpoint.path}`, endpoint)
  }
  return (under, path) => {
    const bare = path.length > 2 && path.endsWith('/') ? path.slice(0, -1) : path
    const endpoint = exact.get(`${under} ${bare}`)
    if (endpoint !== undefined) return { endpoint, rest: '' }
    const found = open.find((e) => e.under === under && path.startsWith(e.path.slice(0, -1)))
    return found === undefined
      ? undefined
      : { endpoint: found, rest: path.slice(found.path.length - 1) }
  }
}

function finder(match: Match): (http: HttpRequest) => Routed | undefined {
  const places = lru<Routed>(1000)
  return (http) => {
    // A `realm` in the query has a say of its own; every other request is told by its path.
    if (mayNameRealm.test(http.query)) return locate(http, match)
    const known = places.get(http.path)
    if (known !== undefined) return known
    const place = locate(http, match)
    if (place?.rest === '') places.set(http.path, place)
    return place
  }
}

function inRealm(
  realms: Realms,
  http: HttpRequest,
  place: Routed,
  path: string,
): Ready<HttpResponse> {
  const realm = realms.find(addressOf(http, place, path))
  return realm instanceof Promise
    ? realm
        .then((found) => answerIn(found, http, place, path))
        .catch((thrown: unknown) => failed(place.endpoint, undefined, http, thrown))
    : answerIn(realm, http, place, path)
}

function addressOf({ origin }: HttpRequest, place: Routed, path: string): RealmAddress {
  if (place.last?.origin !== origin || place.last.address.path !== path) {
    const url = origin + basePath
    place.last = { origin, address: { path, url, issuer: `${url}/oauth2${place.form}` } }
  }
  return place.last.address
}

function answerIn(
  realm: Realm | undefined,
  http: HttpRequest,
  { endpoint, rest }: Routed,
  path: string,
): Ready<HttpResponse> {
  if (realm === undefined) return noRealm(endpoint, http, path)
  if (!realm.active && !endpoint.always) return failed(endpoint, realm, http, inactive())
  return answer(endpoint, realm, rest === '' ? http : { ...http, rest })
}

/** Nobody logs in there, and nothing is pushed, issued or told, whatever was issued before. */
function inactive(): OAuthError {
  return new OAuthError('access_denied', 'The realm is not active', { why: 'realm-inactive' })
}

interface Routed extends Matched {
  /** Undefined when only the host can tell. */
  readonly path: string | undefined
  readonly form: string
  /** Where it was asked for last: mostly the same. */
  last?: { readonly origin: string; readonly address: RealmAddress }
}

type Match = (under: Under, path: string) => Matched | undefined

function locate(http: HttpRequest, match: Match): Routed | undefined {
  const path = http.path.startsWith(`${metadataPrefix}/`)
    ? http.path.slice(metadataPrefix.length).replace(/\/$/, '') + metadataPath
    : http.path
  if (path.startsWith('/am/oauth2')) return locateIn('oauth2', path.slice(10), http, match)
  if (path.startsWith('/am/json/health/')) return plain(match('am', path.slice(3)))
  if (path.startsWith('/am/json')) return locateIn('json', path.slice(8), http, match)
  if (path.startsWith('/am/')) {
    const matched = match('am', path.slice(3))
    return matched && { ...matched, path: namedRealm(http.query), form: '' }
  }
  if (path.startsWith('/openidm/')) return managed(path.slice(8), match)
  const matched = match('root', path)
  // The address alone: a host name may mean a realm.
  return path === '/' && matched !== undefined
    ? { ...matched, path: undefined, form: '' }
    : plain(matched)
}

function managed(path: string, match: Match): Routed | undefined {
  const located = locateManaged(path)
  const matched = located && match('openidm', located.rest)
  return matched && { ...matched, path: located.path, form: '' }
}

function plain(matched: Matched | undefined): Routed | undefined {
  return matched && { ...matched, path: '/', form: '' }
}

/** A `realm` in the query beats the path; of path forms, the first that leaves an endpoint over. */
function locateIn(
  under: 'oauth2' | 'json',
  path: string,
  http: HttpRequest,
  match: Match,
): Routed | undefined {
  for (const reading of locateRealm(path)) {
    const matched = match(under, reading.rest)
    if (matched === undefined) continue
    const named = namedRealm(http.query)
    if (named !== undefined) return { ...matched, path: named, form: named === '/' ? '' : named }
    return { ...matched, path: pathOf(reading), form: reading.form }
  }
  return undefined
}

/** The bare form names no realm: a host alias may. */
function pathOf({ path, form }: Located): string | undefined {
  return form === '' ? undefined : path
}

function hostOf(http: HttpRequest): string {
  return new URL(http.origin).hostname
}

/** Whoever was sent there by a browser is shown a page; a program is told as PingAM tells it. */
function noRealm(endpoint: Endpoint, http: HttpRequest, path: string): HttpResponse {
  const shown = path.replace(/[^\w "/.-]/g, '?')
  if (endpoint.errors !== 'page' || !acceptsPage(http))
    return notFound(http, `Realm "${shown}" not found`)
  const error = new OAuthError('not_found', `Realm ${shown} not found`)
  return failed(endpoint, undefined, http, error)
}

function notFound(http: HttpRequest, message: string, page?: HttpResponse): HttpResponse {
  outcome(http.trace, 404)
  const shared = sharedHeaders(http)
  const told = page
    ? { ...page, headers: { ...shared, ...page.headers } }
    : crestError(404, message, undefined, shared)
  return http.method === 'HEAD' ? { ...told, body: '' } : told
}
