import { json } from '../../base/http.ts'
import { whenReady } from '../../base/ready.ts'
import { keySetKept } from '../../realm/key/key-state.ts'
import { keysWith } from '../../realm/key/made-keys.ts'
import { keyNames } from '../../realm/key/stored-key.ts'
import { cacheable } from '../serve/cacheable.ts'
import type { Endpoint } from '../serve/endpoint.ts'

/** The realm's public keys, RFC 7517 §5. */
export const jwkUri: Endpoint = {
  path: '/connect/jwk_uri',
  under: 'oauth2',
  methods: ['GET'],
  errors: 'oauth',
  cors: 'public',
  metadata: (url) => ({ jwks_uri: url }),
  /** What discovery names has its key here: those that nobody has asked for yet are made now. */
  handle: (realm, http) =>
    whenReady(keysWith(realm, keyNames), ({ published }) =>
      cacheable(http, json(200, { keys: published }), keySetKept),
    ),
}
