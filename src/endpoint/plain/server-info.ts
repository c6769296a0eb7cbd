import type { HttpResponse } from '../../base/http.ts'
import { withHeaders } from '../../base/http.ts'
import { revision } from '../../base/revision.ts'
import type { Realm } from '../../realm/realm.ts'
import { crestError, crestResource } from '../serve/crest.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { openJson } from '../serve/version.ts'

/**
 * The PingAM whose REST API this is. Clients choose paths by it: from 8.1.0 on they address journey
 * nodes by version.
 */
const version = '8.0.1'

/** What clients ask before they know anything (PingAM: serverinfo): first of all the cookie's name. */
export const serverInfo: Endpoint = {
  path: '/serverinfo/*',
  under: 'json',
  methods: ['GET'],
  errors: 'crest',
  cors: true,
  always: true,

  handle(realm, http) {
    const asked = openJson(http, http.rest === 'version' ? ['1.0'] : ['1.1'])
    if ('status' in asked) return asked
    return withHeaders(answer(realm, http.rest, http.origin), asked.headers)
  },
}

function answer(realm: Realm, name: string, origin: string): HttpResponse {
  if (name === 'version') {
    return resource('version', {
      version,
      fullVersion: `${version} (parapet)`,
      revision: 'parapet',
      date: '',
    })
  }
  if (name !== '*' && name.toLowerCase() !== '%2a') return crestError(404)
  return resource('*', {
    domains: [],
    protectedUserAttributes: [],
    cookieName: realm.provider.cookieName,
    secureCookie: origin.startsWith('https:'),
    forgotPassword: 'false',
    forgotUsername: 'false',
    kbaEnabled: 'false',
    selfRegistration: 'false',
    lang: 'en-US',
    successfulUserRegistrationDestination: 'default',
    socialImplementations: [],
    referralsEnabled: 'false',
    zeroPageLogin: { enabled: true, refererWhitelist: [], allowedWithoutReferer: true },
    realm: realm.path,
    xuiUserSessionValidationEnabled: true,
    fileBasedConfiguration: false,
    userIdAttributes: [],
  })
}

function resource(_id: string, content: Readonly<Record<string, unknown>>): HttpResponse {
  return crestResource(
    200,
    { _id, _rev: revision(content), ...content },
    { 'cache-control': 'no-store' },
  )
}
