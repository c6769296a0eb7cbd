/** The two scenarios: a push, and the whole loop. */

import { createHash } from 'node:crypto'
import type { CryptoKey, JWK } from 'jose'
import { CompactEncrypt, importJWK } from 'jose'
import type { ClientKind } from './clients.ts'
import {
  assertion,
  certificateHandedOn,
  certificateHeader,
  clientIds,
  dpopProof,
  redirect_uri,
  secret,
  signed,
} from './clients.ts'
import type { Pool } from './pool.ts'

/** Where a server's endpoints are. */
export interface Target {
  readonly issuer: string
  readonly par: string
  readonly authorize: string
  readonly token: string
  readonly jwks: string
}

export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const code_challenge = createHash('sha256').update(verifier).digest('base64url')
const basic = (id: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

const formType = 'application/x-www-form-urlencoded'

/** What a client sends of itself to an endpoint. */
function credentials(
  kind: ClientKind,
  issuer: string,
  endpoint: string,
): { headers: Record<string, string>; form: Record<string, string> } {
  const headers: Record<string, string> = { 'content-type': formType, accept: 'application/json' }
  if (kind === 'dpop') headers.dpop = dpopProof(endpoint)
  const client_id = clientIds[kind]
  if (kind === 'basic') {
    return { headers: { ...headers, authorization: basic(client_id) }, form: { client_id } }
  }
  if (kind === 'public') return { headers, form: { client_id } }
  if (kind === 'mtls')
    return {
      headers: { ...headers, [certificateHeader]: certificateHandedOn },
      form: { client_id },
    }
  const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  return {
    headers,
    form: {
      client_id,
      client_assertion_type,
      client_assertion: assertion(client_id, issuer),
    },
  }
}

/** A pushed request as it goes over the wire. */
export interface PushMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function pushMessage(
  kind: ClientKind,
  { issuer, par }: Pick<Target, 'issuer' | 'par'>,
): PushMessage {
  const { headers, form } = credentials(kind, issuer, par)
  const mode = kind === 'jarm' ? { response_mode: 'jwt' } : {}
  return { headers, body: new URLSearchParams({ ...form, ...parameters, ...mode }).toString() }
}

const parameters = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid profile',
  state: 'af0ifjsldkj',
  nonce: 'n-0S6_WzA2Mj',
  code_challenge,
  code_challenge_method: 'S256',
}

/** The same parameters in a request object (RFC 9101), encrypted to the server's key or not. */
async function objectMessage(
  kind: 'object' | 'nested',
  { issuer, par, jwks }: Target,
): Promise<PushMessage> {
  const { headers, form } = credentials(kind, issuer, par)
  const client_id = clientIds[kind]
  const token = signed({ client_id, iss: client_id, aud: issuer, ...parameters })
  const request = kind === 'object' ? token : await encrypted(token, jwks)
  return { headers, body: new URLSearchParams({ ...form, request }).toString() }
}

const recipients = new Map<string, Promise<{ readonly kid: string; readonly key: CryptoKey }>>()

async function encrypted(token: string, jwks: string): Promise<string> {
  const found = recipients.get(jwks) ?? recipientOf(jwks)
  recipients.set(jwks, found)
  const { kid, key } = await found
  return new CompactEncrypt(Buffer.from(token))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM', cty: 'JWT', kid })
    .encrypt(key)
}

async function recipientOf(
  jwks: string,
): Promise<{ readonly kid: string; readonly key: CryptoKey }> {
  const { keys } = (await (await fetch(jwks)).json()) as { readonly keys: readonly JWK[] }
  const jwk = keys.find(({ use, kty }) => use === 'enc' && kty === 'EC')
  if (jwk === undefined) throw new Error('the server has no key to encrypt to')
  return { kid: jwk.kid ?? '', key: (await importJWK(jwk, 'ECDH-ES')) as CryptoKey }
}

export async function push(pool: Pool, target: Target, kind: ClientKind): Promise<string> {
  const { headers, body } =
    kind === 'object' || kind === 'nested'
      ? await objectMessage(kind, target)
      : pushMessage(kind, target)
  const answer = await pool.send('POST', target.par, headers, body)
  if (answer.status !== 201) throw new Error(`push: ${answer.status} ${answer.body}`)
  return (JSON.parse(answer.body) as { request_uri: string }).request_uri
}

/** push → authorize with a live session → code → tokens. */
export async function loop(
  pool: Pool,
  target: Target,
  kind: ClientKind,
  cookie: string,
): Promise<void> {
  const request_uri = await push(pool, target, kind)
  const query = new URLSearchParams({ client_id: clientIds[kind], request_uri })
  const answer = await pool.send('GET', `${target.authorize}?${query}`, { cookie })
  const code = codeOf(answer.location, target.issuer)
  if (code === undefined)
    throw new Error(`authorize: ${answer.status} ${answer.location} ${answer.body.slice(0, 500)}`)
  const { headers, form } = credentials(kind, target.issuer, target.token)
  const body = new URLSearchParams({
    ...form,
    grant_type: 'authorization_code',
    code,
    redirect_uri,
    code_verifier: verifier,
  })
  const tokens = await pool.send('POST', target.token, headers, body.toString())
  if (tokens.status !== 200 || !tokens.body.includes('id_token'))
    throw new Error(`token: ${tokens.status} ${tokens.body}`)
}

/** The code of an answer, which stands in it or in the JWT that it is (JARM). */
function codeOf(location: string | undefined, base: string): string | undefined {
  const said = new URL(location ?? base, base).searchParams
  const jwt = said.get('response')
  if (jwt === null) return said.get('code') ?? undefined
  const claims = Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()
  return (JSON.parse(claims) as { readonly code?: string }).code
}
