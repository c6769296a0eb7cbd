import { decide } from '../../authorization/decide.ts'
import { knownUser } from '../../authorization/hint.ts'
import type { Destination } from '../../authorization/redirection.ts'
import { validateAuthorizationRequest } from '../../authorization/request.ts'
import type { HttpResponse } from '../../base/http.ts'
import { termsOf } from '../../client/terms.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readParameters } from '../../protocol/parameter.ts'
import { corsHeaders } from '../serve/cors.ts'
import type { Visit } from './visit.ts'

/** PingAM: session-management: `response_type=none` without `redirect_uri` asks only whether the session lives. */
export function isSessionCheck({ form, realm, client }: Visit): boolean {
  return (
    form.get('response_type') === 'none' &&
    !form.has('redirect_uri') &&
    termsOf(realm, client).session_check
  )
}

const loginNeeded = {
  code: 'login_required',
  description: 'The request requires login.',
  why: 'login-needed',
} as const

/** 204 when it does; else the error, 4xx, as JSON. The one answer of /authorize that a web origin may read (C-28). */
export async function checkSession(visit: Visit): Promise<HttpResponse> {
  const { realm, client, http, form, session } = visit
  const headers = corsHeaders(realm, http)
  try {
    const parameters = readParameters(authorizationRequest, form)
    const terms = termsOf(realm, client)
    const nowhere: Destination = { redirect_uri: '', response_mode: 'query', terms }
    const request = await validateAuthorizationRequest(realm, client, parameters, nowhere)
    const next = decide(realm, {
      request,
      terms,
      tree: client.treeName,
      live: [],
      session,
      ...(await knownUser(realm, client, request, session)),
      opened: undefined,
      consented: true,
      allowed: false,
      now: realm.now(),
    })
    if (next.next === 'issue') return { status: 204, headers, body: '' }
    const { code, description, why } = next.next === 'refuse' ? next : loginNeeded
    throw new OAuthError(code, description, { why })
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    throw new OAuthError(error.code, error.description, { ...error.detail, headers })
  }
}
