/** Requests over connections with certificates, and worlds that take them. */
import type { HttpRequest, HttpResponse } from '../src/base/http.ts'
import type { JsonObject } from '../src/base/json.ts'
import type { Certificate } from '../src/jose/x509/certificate.ts'
import { readCertificate } from '../src/jose/x509/certificate.ts'
import type { Issued } from './pki.ts'
import { elsewhere, redirect_uri } from './register.ts'
import type { Sent, World } from './world.ts'
import { base, challenge, requestOf, world } from './world.ts'

export function parsed({ der }: Issued): Certificate {
  const read = readCertificate(der)
  if (!read.ok) throw new Error(read.reason)
  return read
}

/** A server that trusts these CAs and asks its own connections for certificates. */
export function worldOf(authorities: readonly Issued[], alpha: JsonObject = {}): Promise<World> {
  const certificates = { asked: true, proxied: true, authorities: authorities.map(parsed) }
  return world({ alpha, certificates })
}

/** A push that lacks nothing but who sends it. */
export const request = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** Posts a form over a connection of its own that was opened with these certificates, the client's first. */
export function postWith(
  w: World,
  path: string,
  form: Readonly<Record<string, string>>,
  certificates: readonly Issued[],
  headers: Sent['headers'] = {},
): Promise<HttpResponse> {
  const http = elsewhere(requestOf('POST', base + path, { form, headers }))
  const shown = { certificates: certificates.map(({ der }) => der) }
  return w.serve(certificates.length === 0 ? http : { ...http, ...shown })
}

/** The same through a trusted proxy. */
export function postThrough(
  w: World,
  path: string,
  form: Readonly<Record<string, string>>,
  headers: NonNullable<Sent['headers']>,
  more: Partial<HttpRequest> = {},
): Promise<HttpResponse> {
  const http = elsewhere(requestOf('POST', base + path, { form, headers }))
  return w.serve({ ...http, proxied: true, ...more })
}

/** The header in which the proxy of `boundWorld` hands certificates on. */
const proxyHeader = 'x-client-cert'

/** A server to which certificates come both ways, and that trusts no CA. */
export function boundWorld(alpha: JsonObject = {}): Promise<World> {
  const header = { tlsClientCertificateTrustedHeader: proxyHeader }
  return worldOf([], { ...alpha, advancedOAuth2Config: { ...header } })
}

/** How the caller of a request shows a certificate: each makes the request as the server sees it. */
export const ways = {
  direct: (method: string, url: string, shown: Issued | undefined, sent: Sent): HttpRequest => ({
    ...elsewhere(requestOf(method, url, sent)),
    ...(shown !== undefined && { certificates: [shown.der] }),
  }),
  proxy: (method: string, url: string, shown: Issued | undefined, sent: Sent): HttpRequest => {
    const header = shown && { [proxyHeader]: encodeURIComponent(shown.pem) }
    const http = requestOf(method, url, { ...sent, headers: { ...sent.headers, ...header } })
    return { ...elsewhere(http), proxied: true }
  },
} as const
