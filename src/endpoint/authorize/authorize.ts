import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header } from '../../base/http.ts'
import { pushedHandle } from '../../grant/handle.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { checkSession, isSessionCheck } from './check-session.ts'
import { objectVisit, referenceVisit } from './object.ts'
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
  const request = read.form.get('request')
  if (request_uri !== undefined && request !== undefined) {
    // RFC 9101 §5: one or the other.
    throw new OAuthError('invalid_request', 'Invalid parameter request', {
      why: 'request-twice',
      parameter: 'request',
    })
  }
  if (request !== undefined) return objectVisit(read, request)
  if (request_uri !== undefined) {
    const pushed = pushedHandle(request_uri) !== undefined
    return pushed ? pushedVisit(read, request_uri) : referenceVisit(read, request_uri)
  }
  return isSessionCheck(read) ? checkSession(read) : unpushedVisit(read)
}

/** C-2b: link scanners and prefetches neither consume nor bind anything. */
function isLookOnly(http: HttpRequest): boolean {
  return (
    http.method === 'HEAD' ||
    /\bprefetch|prerender\b/.test(header(http, 'sec-purpose') ?? header(http, 'purpose') ?? '')
  )
}
