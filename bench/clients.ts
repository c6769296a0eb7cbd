/** The clients every benched server knows, and what they prove themselves with. */
import { createPrivateKey, sign } from 'node:crypto'

export const redirect_uri = 'https://rp.example/cb'
export const secret = 'c3VjaCBhIGxvbmcgYW5kIHJhbmRvbSBzZWNyZXQgdGhhdCBpdCBpcw'
export const clientIds = {
  basic: 'bench-basic',
  private_key_jwt: 'bench-jwt',
  public: 'bench-public',
  /** By private_key_jwt too, with a request object signed by ES256. */
  object: 'bench-object',
  /** The same, and encrypted by ECDH-ES. */
  nested: 'bench-nested',
  /** By private_key_jwt, with a proof of possession (RFC 9449) at each call. */
  dpop: 'bench-dpop',
  /** By private_key_jwt; asks for its answers as JWTs (JARM). */
  jarm: 'bench-jarm',
  /** By a certificate of its own that a proxy hands on, to which its tokens are tied (RFC 8705). */
  mtls: 'bench-mtls',
} as const

export type ClientKind = keyof typeof clientIds

/** RFC 7515 appendix A.3: everybody knows it, which is what a bench wants. */
export const privateJwk = {
  kty: 'EC',
  crv: 'P-256',
  kid: 'bench',
  alg: 'ES256',
  use: 'sig',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
}

export const publicJwk = { ...privateJwk, d: undefined }

/** A certificate about that key, self-signed, as DER in base64. */
export const certificate = [
  'MIIBHzCBxaADAgECAgkBzVFUcZ4Y2AYwCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKYmVuY2gtbXRsczAeFw0yMDAx',
  'MDEwMDAwMDBaFw00OTEyMzEyMzU5NTlaMBUxEzARBgNVBAMMCmJlbmNoLW10bHMwWTATBgcqhkjOPQIBBggqhkjO',
  'PQMBBwNCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpG',
  'IyiFiOWtMAoGCCqGSM49BAMCA0kAMEYCIQDPBAsmJRe+72FIEG0L4MFnJF4K+A0M8leoA6WLaNXwKQIhALyEKDbm',
  'aEMWTl3UFNRIcyIYCrlIpSsCr7gyQ33D55S7',
].join('')

/** The header in which the proxy hands it on, as nginx writes `$ssl_client_escaped_cert`. */
export const certificateHeader = 'x-client-cert'
export const certificateHandedOn = encodeURIComponent(
  `-----BEGIN CERTIFICATE-----\n${certificate.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
)

const key = createPrivateKey({ key: privateJwk, format: 'jwk' })
const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'bench' })).toString('base64url')
let jti = 0

/** A fresh client assertion for this audience. */
export function assertion(id: string, audience: string): string {
  return signed({ iss: id, sub: id, aud: audience })
}

const proofHeader = Buffer.from(
  JSON.stringify({
    typ: 'dpop+jwt',
    alg: 'ES256',
    jwk: { kty: privateJwk.kty, crv: privateJwk.crv, x: privateJwk.x, y: privateJwk.y },
  }),
).toString('base64url')

/** A fresh proof of possession for a POST to this address (RFC 9449 §4.2). */
export function dpopProof(htu: string): string {
  return signed({ htm: 'POST', htu }, proofHeader)
}

/** These claims in a fresh JWT. */
export function signed(own: Readonly<Record<string, string>>, head = header): string {
  const now = Math.floor(Date.now() / 1000)
  const jwtId = `${process.pid}-${jti++}-0123456789`
  const claims = { ...own, jti: jwtId, iat: now, nbf: now, exp: now + 60 }
  const input = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}
