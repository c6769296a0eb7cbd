/**
 * A resource of its own, as an API beside the server would be: it takes access tokens that the server says are active, tied to
 * the key of a proof (RFC 9449 §7.1) or to the certificate of the connection (RFC 8705 §3), and nothing else.
 */
import { hash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts'
import { checkProof } from '../../src/binding/dpop/check.ts'
import type { JwsAlg } from '../../src/jose/algorithm.ts'
import { tlsOptions } from '../../src/server/limits.ts'

interface Place {
  /** Where it listens. */
  readonly origin: string
  /** What the server says of a token (RFC 7662 §2.2): what was revoked is known at once. */
  readonly introspect: (token: string) => Promise<JsonObject>
  readonly cert: string
  readonly key: string
}

/** What FAPI 2.0 §5.4.1 lets tokens and proofs be signed with. */
const algorithms: readonly JwsAlg[] = ['PS256', 'ES256', 'EdDSA', 'Ed25519']
const skew = 30

/** Listens until it is closed. */
export async function startResource(
  place: Place,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const { cert, key } = place
  const options = { ...tlsOptions, cert, key, requestCert: true, rejectUnauthorized: false }
  const used = new Set<string>()
  const server = createServer(options, (request, response) => {
    serve(place, used, request, response).catch((error: unknown) => {
      refuse(response, 'invalid_token', String(error))
    })
  })
  server.listen(Number(new URL(place.origin).port), 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close: () => server.close().closeAllConnections() }
}

async function serve(
  place: Place,
  used: Set<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // FAPI 1.0 Baseline §6.2.1-11: where none was sent it is made here.
  const interaction = request.headers['x-fapi-interaction-id'] ?? randomUUID()
  response.setHeader('x-fapi-interaction-id', interaction)
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  if (token === undefined) return refuse(response, 'invalid_request', 'no access token')
  const claims = await place.introspect(token)
  if (claims.active !== true) return refuse(response, 'invalid_token', 'not active')
  const { jkt, 'x5t#S256': x5t } = confirmationOf(claims)
  const problem =
    jkt === undefined
      ? certificateProblem(request, scheme, x5t)
      : await proofProblem(place, used, request, { scheme, token, jkt })
  if (problem !== undefined) return refuse(response, 'invalid_token', problem)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ sub: claims.sub, scope: claims.scope }))
}

function confirmationOf(claims: JsonObject): Readonly<Record<string, Json | undefined>> {
  return isObject(claims.cnf) ? claims.cnf : {}
}

function certificateProblem(
  { socket }: IncomingMessage,
  scheme: string | undefined,
  x5t: Json | undefined,
): string | undefined {
  const { raw } = (socket as TLSSocket).getPeerCertificate()
  if (scheme?.toLowerCase() !== 'bearer' || raw === undefined) return 'no certificate'
  return hash('sha256', raw, 'base64url') === x5t ? undefined : 'of another certificate'
}

async function proofProblem(
  { origin }: Place,
  used: Set<string>,
  { method = '', url, headersDistinct }: IncomingMessage,
  said: { readonly scheme: string | undefined; readonly token: string; readonly jkt: Json },
): Promise<string | undefined> {
  const [proof, ...more] = headersDistinct.dpop ?? []
  if (said.scheme?.toLowerCase() !== 'dpop' || proof === undefined) return 'no proof'
  if (more.length > 0) return 'more than one proof'
  const [path] = (url ?? '').split('?')
  const rules = { method, address: `${origin}${path}`, algorithms, now: Date.now() / 1000, skew }
  const proven = await checkProof(proof, { ...rules, madeAfter: 0, token: said.token })
  if (!proven.ok) return proven.why
  if (proven.jkt !== said.jkt) return 'of another key'
  const use = JSON.stringify([proven.jkt, proven.jti])
  if (used.has(use)) return 'used before'
  used.add(use)
  return undefined
}

function refuse(response: ServerResponse, error: string, why: string): void {
  const challenge = `DPoP algs="${algorithms.join(' ')}", error="${error}"`
  response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': challenge })
  response.end(JSON.stringify({ error, error_description: why }))
}
