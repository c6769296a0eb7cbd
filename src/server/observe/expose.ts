import type { HttpResponse, Serve } from '../../base/http.ts'
import { json } from '../../base/http.ts'
import type { Endpoint } from '../../endpoint/serve/endpoint.ts'
import type { Listener } from '../node.ts'
import { listen } from '../node.ts'
import type { Metrics } from './metrics.ts'

/** What is told of metrics. */
export type Readable = Pick<Metrics, 'contentType' | 'read'>

/** Where metrics are read: a path beside everything else, or a listener of their own, which has them at `/metrics`. */
export type MetricsPlace =
  | { readonly path: string }
  | { readonly host: string; readonly port: number }

const ownPath = '/metrics'

/** The endpoint that has the metrics on the server's own port. */
export function metricsEndpoint(path: string, metrics: Readable): Endpoint {
  return {
    path,
    under: 'root',
    methods: ['GET'],
    errors: 'crest',
    cors: false,
    always: true,
    handle: () => answer(metrics),
  }
}

/** Has the metrics on a port that nothing else is on, whatever host it is asked by. */
export function listenForMetrics(
  place: { readonly host: string; readonly port: number },
  metrics: Readable,
): Promise<Listener> {
  const serve: Serve = async ({ method, path }) => {
    if (path !== ownPath) return json(404, { error: 'not_found' })
    if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'method_not_allowed' })
    const response = await answer(metrics)
    return method === 'HEAD' ? { ...response, body: '' } : response
  }
  return listen({ ...place, baseUrls: [], trustedProxies: [], anyHost: [ownPath] }, serve)
}

async function answer(metrics: Readable): Promise<HttpResponse> {
  const headers = { 'content-type': metrics.contentType, 'cache-control': 'no-store' }
  return { status: 200, headers, body: await metrics.read() }
}
