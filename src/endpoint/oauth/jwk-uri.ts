import { json } from '../../base/http.ts'
import { cacheable } from '../serve/cacheable.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/**
 * Seconds. A replaced key goes on for a day at least, and whoever meets a `kid` it does not know asks again.
 */
const keptFor = 3600

/** The realm's public keys, RFC 7517 §5. */
export const jwkUri: Endpoint = {
  path: '/connect/jwk_uri',
  under: 'oauth2',
  methods: ['GET'],
  errors: 'oauth',
  cors: 'public',
  metadata: (url) => ({ jwks_uri: url }),
  handle: (realm, http) => cacheable(http, json(200, { keys: realm.keys.published }), keptFor),
}
