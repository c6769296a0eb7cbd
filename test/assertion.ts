import type { PairAlg } from '../src/jose/generate.ts'
import { generateSigningKey } from '../src/jose/generate.ts'
import type { SigningKey } from '../src/jose/jwk.ts'
import { importSigningKey, publicJwk } from '../src/jose/jwk.ts'
import { forge } from './token.ts'

/** A client's key pair: what it signs with, and what it publishes. */
export interface Signer {
  readonly key: SigningKey
  readonly jwk: Readonly<Record<string, string>>
}

export async function signer(alg: PairAlg): Promise<Signer> {
  const { privateJwk } = await generateSigningKey(alg)
  const imported = importSigningKey(privateJwk)
  if (!imported.ok) throw new Error(imported.reason)
  return { key: imported.key, jwk: publicJwk(privateJwk) }
}

/** A set of keys as JSON text. */
export function keySet(...signers: readonly Signer[]): string {
  return JSON.stringify({ keys: signers.map(({ jwk }) => jwk) })
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

let count = 0

/** Claims of a good assertion; undefined values leave a claim out. */
export function goodClaims(
  client_id: string,
  aud: unknown,
  now: number,
): Readonly<Record<string, unknown>> {
  count += 1
  return { iss: client_id, sub: client_id, aud, exp: now + 60, iat: now, jti: `jti-${count}` }
}

/** An assertion, signed whatever it claims. */
export function assertion(
  { key }: Signer,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string {
  return forge(key, { alg: key.alg, kid: key.kid, ...header }, claims)
}

/** The parameters that carry an assertion. */
export function proof(client_assertion: string): Record<string, string> {
  return { client_assertion, client_assertion_type: assertionType }
}
