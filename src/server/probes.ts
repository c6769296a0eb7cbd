import type { HttpResponse, Serve } from '../base/http.ts'
import { json } from '../base/http.ts'
import { traced } from '../base/trace.ts'
import { outcome } from '../endpoint/serve/answer.ts'

const live = '/am/json/health/live'
const ready = '/am/json/health/ready'

/** Paths that are asked by probes, which know no name of the server. */
export const probes: readonly string[] = [live, ready]

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** That a process lives depends on nothing else, and on no store: it is answered before anything is looked up. */
export function alive(serve: Serve): Serve {
  return (http) =>
    http.path === live && http.method === 'GET' ? answered(http, 200, 'live') : serve(http)
}

/** Until `routes` are there: it lives, it is not ready, and whatever else is asked waits for them. */
export function starting(routes: Promise<Serve>): Serve {
  return alive((http) =>
    http.path === ready && http.method === 'GET'
      ? answered(http, 503, 'starting')
      : routes.then((serve) => serve(http)),
  )
}

function answered(
  { path, trace }: Parameters<Serve>[0],
  status: number,
  said: string,
): HttpResponse {
  trace.endpoint = path.slice('/am'.length)
  trace.realm = '/'
  if (status !== 200) trace.refusal = { code: 'temporarily_unavailable', reason: said }
  traced(trace, () => outcome(trace, status))
  return json(status, { status: said }, headers)
}
