import type * as http from 'node:http'
import type * as https from 'node:https'

/** For `node:http` and `node:https`. */
export const serverOptions = {
  // Browsers keep 180 cookies of a site: all of them may be interactions of this one, 120 bytes each.
  maxHeaderSize: 32 * 1024,
  // H-3: a request that is not whole within 10 s, header and body, is answered 408.
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  // Longer than the idle time of the usual proxies, so that it is they who close.
  keepAliveTimeout: 65_000,
  noDelay: true,
  insecureHTTPParser: false,
  requireHostHeader: true,
  // A request without a body emits no stream events at all.
  optimizeEmptyRequests: true,
} as const satisfies http.ServerOptions

/** FAPI 2.0 §5.2.2, RFC 9325: TLS 1.2 with ECDHE and AES-GCM only, or 1.3. No renegotiation. */
export const tlsOptions = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
  ].join(':'),
  honorCipherOrder: true,
  secureOptions: 1 << 30, // SSL_OP_NO_RENEGOTIATION
  handshakeTimeout: 10_000,
} as const satisfies https.ServerOptions
