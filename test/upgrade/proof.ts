import { randomUUID } from 'node:crypto'
import { importSigningKey, type SigningKey, secretKey } from '../../src/jose/jwk.ts'
import { forge } from '../token.ts'
import { base, basic } from '../world.ts'
import type { KeptClient } from './fixture.ts'

/** What a client sends beside its parameters. */
export interface Proof {
  readonly headers?: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, string>>
}

/** A new proof by a client's own method. */
export function proofOf({ client_id, method, secret = '', jwk }: KeptClient, now: number): Proof {
  if (method === 'none') return { form: { client_id } }
  if (method === 'client_secret_basic') {
    return { headers: { authorization: basic(client_id, secret) }, form: {} }
  }
  if (method === 'client_secret_post') return { form: { client_id, client_secret: secret } }
  const key = jwk === undefined ? secretKey(secret, 'HS256') : importSigningKey(jwk)
  if (!key.ok) throw new Error(key.reason)
  return { form: asserted(client_id, key.key, now) }
}

function asserted(client_id: string, key: SigningKey, now: number): Proof['form'] {
  const jti = randomUUID()
  const claims = { iss: client_id, sub: client_id, aud: base, jti, iat: now, exp: now + 300 }
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: forge(key, { alg: key.alg }, claims),
  }
}
