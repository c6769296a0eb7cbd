import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import { requestIdHeader } from '../../base/trace.ts'
import type { CorsConfiguration } from '../../realm/cors.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Endpoint } from './endpoint.ts'

type Headers = Readonly<Record<string, string>>

/** Where no origin is allowed anything; always this one object. */
export const varies: Headers = { vary: 'Origin' }

/** Where every origin may read what anybody may, without credentials. */
const everybody: Headers = {
  ...varies,
  'access-control-allow-origin': '*',
  'access-control-expose-headers': requestIdHeader,
}

/** What an origin may have here. */
type Allowed = Pick<CorsConfiguration, 'methods' | 'headers' | 'exposed' | 'credentials' | 'maxAge'>

/** What a realm says of the origins it lists. */
const ofRealm: Allowed = {
  methods: [],
  headers: [],
  exposed: ['WWW-Authenticate', 'DPoP-Nonce', 'Content-API-Version'],
  credentials: true,
  maxAge: 600,
}

/**
 * C-28: an origin that the realm or PingAM's CORS service lists is named back exactly; every other gets
 * nothing but what is public. `Vary: Origin` either way, so that no cache mixes them up.
 */
export function corsHeaders(
  realm: Realm,
  http: HttpRequest,
  cors: Endpoint['cors'] = true,
): Headers {
  const origin = header(http, 'origin')
  const allowed = origin === undefined ? undefined : allowedTo(realm, origin, http.method)
  if (origin === undefined || allowed === undefined) return cors === 'public' ? everybody : varies
  return headersFor(origin, allowed)
}

function headersFor(origin: string, { credentials, exposed }: Allowed): Headers {
  return {
    ...varies,
    'access-control-allow-origin': origin,
    ...(credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    'access-control-expose-headers': [...exposed, requestIdHeader].join(', '),
  }
}

/** The answer to a preflight of an origin that may ask; undefined where there is nothing to allow. */
export function preflight(
  endpoint: Endpoint,
  realm: Realm,
  http: HttpRequest,
): HttpResponse | undefined {
  const origin = header(http, 'origin')
  const asked = header(http, 'access-control-request-method')
  if (!endpoint.cors || asked === undefined || origin === undefined) return undefined
  const allowed = allowedTo(realm, origin, asked)
  if (endpoint.cors !== 'public' && allowed === undefined) return undefined
  const { methods, headers, maxAge } = allowed ?? ofRealm
  const served = endpoint.methods.filter((each) => methods.length === 0 || methods.includes(each))
  const named = headers.length === 0 ? realm.provider.corsHeaders : headers
  return {
    status: 204,
    headers: {
      ...(allowed === undefined ? everybody : headersFor(origin, allowed)),
      'access-control-allow-methods': [...served, 'OPTIONS'].join(', '),
      'access-control-allow-headers': named.join(', '),
      'access-control-max-age': String(maxAge),
    },
    body: '',
  }
}

/** `null` is what any sandboxed frame sends: nobody's origin, listed or not. A star is no origin either. */
function allowedTo(realm: Realm, origin: string, method: string): Allowed | undefined {
  if (origin === 'null' || origin === '*') return undefined
  if (realm.provider.corsOrigins.includes(origin)) return ofRealm
  return realm.cors.find(
    ({ origins, methods }) =>
      origins.includes(origin) && (methods.length === 0 || methods.includes(method)),
  )
}
