import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Endpoint } from '../endpoint.ts'
import { checkSession, isSessionCheck } from './check-session.ts'
import { pushedVisit } from './pushed.ts'
import { unpushedVisit } from './unpushed.ts'
import { readVisit } from './visit.ts'

/** Authorization endpoint, RFC 6749 §3.1. */
export const authorize: Endpoint = {
  path: '/authorize',
  under: 'oauth2',
  methods: ['GET', 'POST'],
  errors: 'page',
  cors: false,
  metadata: (url) => ({ authorization_endpoint: url }),

  async handle(realm, http) {
    if (isLookOnly(http))
      return { status: http.method === 'HEAD' ? 200 : 503, headers: {}, body: '' }
    return visit(realm, http)
  },
}

async function visit(realm: Realm, http: HttpRequest): Promise<HttpResponse> {
  const read = await readVisit(realm, http)
  const request_uri = read.form.get('request_uri')
  if (request_uri !== undefined) return pushedVisit(read, request_uri)
  return isSessionCheck(read) ? checkSession(read) : unpushedVisit(read)
}

/** C-2b: link scanners and prefetches neither consume nor bind anything. */
function isLookOnly(http: HttpRequest): boolean {
  return (
    http.method === 'HEAD' ||
    /\bprefetch|prerender\b/.test(header(http, 'sec-purpose') ?? header(http, 'purpose') ?? '')
  )
}
