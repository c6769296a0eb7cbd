import { json } from '../base/http.ts'
import type { Endpoint } from './endpoint.ts'

/** The realm's public keys, RFC 7517 §5. */
export const jwkUri: Endpoint = {
  path: '/connect/jwk_uri',
  under: 'oauth2',
  methods: ['GET'],
  errors: 'oauth',
  cors: 'public',
  metadata: (url) => ({ jwks_uri: url }),
  handle: (realm) => json(200, { keys: realm.keys.published }),
}
