import { isObject, member } from '../../base/json.ts'
import type { JwsAlg } from '../../jose/algorithm.ts'
import type { UnverifiedJws } from '../../jose/compact.ts'
import { parseJws } from '../../jose/compact.ts'
import { halfHash } from '../../jose/hash.ts'
import type { VerifyingKey } from '../../jose/jwk.ts'
import { checkClaims } from '../../jose/jwt.ts'
import { verifyJws } from '../../jose/verify.ts'
import type { ServerMetadata } from '../server-metadata.ts'
import type { Check, Step } from '../step.ts'

/** What an ID token is held to. */
export interface Expected {
  readonly now: number
  readonly metadata: ServerMetadata
  readonly keys: readonly VerifyingKey[]
  readonly client_id: string
  readonly nonce: string
  /** Came through the browser: then the hashes of what came with it must be there. */
  readonly front: boolean
  readonly code?: string | undefined
  readonly access_token?: string | undefined
}

/** Validates an ID token (OIDC Core §3.1.3.7, §3.2.2.11, §3.3.2.11) and says each result in words. */
export async function checkIdToken(token: string, expected: Expected): Promise<Step> {
  const title = expected.front ? 'ID token from the browser' : 'ID token from the token endpoint'
  const jws = parseJws(token)
  if (!jws.ok) return { title, checks: [{ good: false, text: jws.reason }] }
  const verdict = await verifyJws(jws, expected.keys, expected.metadata.algorithms)
  const signature: Check = verdict.ok
    ? { good: true, text: `the signature (${jws.alg}) is by a key of jwks_uri` }
    : { good: false, text: verdict.reason }
  return {
    title,
    tokens: [{ name: 'id_token', parts: [jws.header, jws.claims] }],
    checks: [
      signature,
      claimCheck(jws, expected),
      nonceCheck(jws, expected),
      ...hashes(jws, expected),
    ],
  }
}

/** A token's header and claims where it is a JWT; nothing where it is opaque. */
export function decoded(name: string, token: string): NonNullable<Step['tokens']> {
  const jws = parseJws(token)
  return jws.ok ? [{ name, parts: [jws.header, jws.claims] }] : []
}

function claimCheck({ claims }: UnverifiedJws, expected: Expected): Check {
  const { now, metadata, client_id } = expected
  const checked = checkClaims(claims, {
    ...{ now, skew: 30, required: ['iss', 'sub', 'aud', 'exp', 'iat'] },
    issuers: [metadata.issuer],
    audience: { values: [client_id], form: 'contains' },
  })
  return checked.ok
    ? { good: true, text: 'iss, aud, exp and iat are right' }
    : { good: false, text: checked.reason }
}

function nonceCheck({ claims }: UnverifiedJws, { nonce }: Expected): Check {
  const good = member(claims, 'nonce') === nonce
  return { good, text: good ? 'nonce is the one that was sent' : 'nonce is another' }
}

function hashes({ claims, alg }: UnverifiedJws, expected: Expected): Check[] {
  const of = (name: string, value: string | undefined): Check[] => {
    const hash = member(claims, name)
    if (value === undefined || (hash === undefined && !expected.front)) return []
    const good = hash === halfHash(alg as JwsAlg, value)
    return [{ good, text: good ? `${name} fits` : `${name} does not fit` }]
  }
  if (!expected.metadata.algorithms.some((known) => known === alg)) return []
  return [...of('c_hash', expected.code), ...of('at_hash', expected.access_token)]
}

/** `sub` of an ID token that was checked before. */
export function subjectOf(token: string | undefined): string | undefined {
  const jws = token === undefined ? undefined : parseJws(token)
  const sub = jws?.ok && isObject(jws.claims) ? member(jws.claims, 'sub') : undefined
  return typeof sub === 'string' ? sub : undefined
}
