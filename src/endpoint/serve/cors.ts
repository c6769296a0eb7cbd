import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import { requestIdHeader } from '../../base/trace.ts'
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

/**
 * C-28: an origin the realm lists is named back exactly, with credentials; every other gets nothing but
 * what is public. `Vary: Origin` either way, so that no cache mixes them up.
 */
export function corsHeaders(
  realm: Realm,
  http: HttpRequest,
  cors: Endpoint['cors'] = true,
): Headers {
  const origin = header(http, 'origin')
  if (origin === undefined || !isListed(realm, origin))
    return cors === 'public' ? everybody : varies
  return {
    ...varies,
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': `WWW-Authenticate, Content-API-Version, ${requestIdHeader}`,
  }
}

/** The answer to a preflight of an origin that may ask; undefined where there is nothing to allow. */
export function preflight(
  endpoint: Endpoint,
  realm: Realm,
  http: HttpRequest,
): HttpResponse | undefined {
  const origin = header(http, 'origin')
  const asks = header(http, 'access-control-request-method') !== undefined
  if (!endpoint.cors || !asks || origin === undefined) return undefined
  if (endpoint.cors !== 'public' && !isListed(realm, origin)) return undefined
  return {
    status: 204,
    headers: {
      ...corsHeaders(realm, http, endpoint.cors),
      'access-control-allow-methods': [...endpoint.methods, 'OPTIONS'].join(', '),
      'access-control-allow-headers': realm.provider.corsHeaders.join(', '),
      'access-control-max-age': '600',
    },
    body: '',
  }
}

/** `null` is what any sandboxed frame sends: nobody's origin, listed or not. */
function isListed(realm: Realm, origin: string): boolean {
  return origin !== 'null' && realm.provider.corsOrigins.includes(origin)
}
