/** The two scenarios: a push, and the whole loop. */

import { createHash } from 'node:crypto'
import type { ClientKind } from './clients.ts'
import { assertion, clientIds, redirect_uri, secret } from './clients.ts'
import type { Pool } from './pool.ts'

/** Where a server's endpoints are. */
export interface Target {
  readonly issuer: string
  readonly par: string
  readonly authorize: string
  readonly token: string
}

export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const code_challenge = createHash('sha256').update(verifier).digest('base64url')
const basic = `Basic ${Buffer.from(`${clientIds.basic}:${secret}`).toString('base64')}`

const formType = 'application/x-www-form-urlencoded'

function credentials(
  kind: ClientKind,
  issuer: string,
): { headers: Record<string, string>; form: Record<string, string> } {
  const headers: Record<string, string> = { 'content-type': formType, accept: 'application/json' }
  if (kind === 'basic')
    return { headers: { ...headers, authorization: basic }, form: { client_id: clientIds.basic } }
  if (kind === 'public') return { headers, form: { client_id: clientIds.public } }
  const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  return {
    headers,
    form: {
      client_id: clientIds.private_key_jwt,
      client_assertion_type,
      client_assertion: assertion(issuer),
    },
  }
}

/** A pushed request as it goes over the wire. */
export interface PushMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function pushMessage(kind: ClientKind, issuer: string): PushMessage {
  const { headers, form } = credentials(kind, issuer)
  const body = new URLSearchParams({
    ...form,
    response_type: 'code',
    redirect_uri,
    scope: 'openid profile',
    state: 'af0ifjsldkj',
    nonce: 'n-0S6_WzA2Mj',
    code_challenge,
    code_challenge_method: 'S256',
  }).toString()
  return { headers, body }
}

export async function push(pool: Pool, target: Target, kind: ClientKind): Promise<string> {
  const { headers, body } = pushMessage(kind, target.issuer)
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
  const code =
    answer.location === undefined
      ? null
      : new URL(answer.location, target.issuer).searchParams.get('code')
  if (code === null)
    throw new Error(`authorize: ${answer.status} ${answer.location} ${answer.body.slice(0, 500)}`)
  const { headers, form } = credentials(kind, target.issuer)
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
