import { json } from '../base/http.ts'
import { requireBearer } from './bearer.ts'
import { refuseDpop } from './dpop.ts'
import type { Endpoint } from './endpoint.ts'

/** What a bearer token is good for (PingAM: oauth2-tokeninfo-endpoint). */
export const tokenInfo: Endpoint = {
  path: '/tokeninfo',
  under: 'oauth2',
  methods: ['GET'],
  errors: 'oauth',
  cors: false,

  async handle(realm, http) {
    refuseDpop(http)
    const { found, grant, token, scope } = await requireBearer(realm, http, undefined)
    return json(200, {
      grant_type: grant.grant_type,
      scope,
      realm: realm.path,
      token_type: 'Bearer',
      expires_in: token.by - realm.now(),
      client_id: found.record.client_id,
      sub: grant.sub,
    })
  },
}
