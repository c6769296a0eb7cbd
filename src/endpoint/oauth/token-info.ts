import type { HttpRequest } from '../../base/http.ts'
import { header, json } from '../../base/http.ts'
import { boundTo } from '../../binding/binding.ts'
import { termsOf } from '../../client/terms.ts'
import { refuseUnserved } from '../../client/unserved.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { asTold } from '../../token/told/subject.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { missingToken, requireToken } from './bearer.ts'
import type { AcceptedToken } from './presented-token.ts'

/** What a bearer token is good for (PingAM: oauth2-tokeninfo-endpoint). */
export const tokenInfo: Endpoint = {
  path: '/tokeninfo',
  under: 'oauth2',
  methods: ['GET'],
  errors: 'oauth',
  cors: false,

  async handle(realm, http) {
    const { client, found, grant, token, scope, headers } = await presented(realm, http)
    refuseUnserved(realm, client, ['introspection'])
    const told = {
      grant_type: grant.grant_type,
      scope,
      realm: realm.path,
      token_type: boundTo(token.cnf).token_type,
      expires_in: token.by - realm.now(),
      client_id: found.record.client_id,
      sub: (await asTold(realm, client, grant)).sub,
      cnf: token.cnf,
      ...token.fields,
    }
    return json(200, told, headers)
  },
}

/**
 * By header, as everywhere. Without one by query, as AM lets a client, where that client's profile does:
 * whose token it is is known only then.
 */
async function presented(realm: Realm, http: HttpRequest): Promise<AcceptedToken> {
  if (header(http, 'authorization') !== undefined) return requireToken(realm, http, undefined)
  const active = await requireToken(realm, http, readQuery(http))
  if (!termsOf(realm, active.client).token_in_query) throw missingToken(realm)
  return active
}
