import type { HttpRequest } from '../../base/http.ts'
import { header, json } from '../../base/http.ts'
import { unbound } from '../../binding/binding.ts'
import { termsOf } from '../../client/terms.ts'
import { refuseUnserved } from '../../client/unserved.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import type { UsableToken } from '../../token/access-token.ts'
import type { Endpoint } from '../serve/endpoint.ts'
import { missingToken, requireBearer } from './bearer.ts'
import { provenBinding } from './client-call.ts'

/** What a bearer token is good for (PingAM: oauth2-tokeninfo-endpoint). */
export const tokenInfo: Endpoint = {
  path: '/tokeninfo',
  under: 'oauth2',
  methods: ['GET'],
  errors: 'oauth',
  cors: false,

  async handle(realm, http) {
    provenBinding(http)
    const { client, found, grant, token, scope } = await presented(realm, http)
    refuseUnserved(realm, client, ['introspection'])
    return json(200, {
      grant_type: grant.grant_type,
      scope,
      realm: realm.path,
      token_type: unbound.token_type,
      expires_in: token.by - realm.now(),
      client_id: found.record.client_id,
      sub: grant.sub,
    })
  },
}

/**
 * By header, as everywhere. Without one by query, as AM lets a client, where that client's profile does:
 * whose token it is is known only then.
 */
async function presented(realm: Realm, http: HttpRequest): Promise<UsableToken> {
  if (header(http, 'authorization') !== undefined) return requireBearer(realm, http, undefined)
  const active = await requireBearer(realm, http, readQuery(http))
  if (!termsOf(realm, active.client).token_in_query) throw missingToken(realm)
  return active
}
