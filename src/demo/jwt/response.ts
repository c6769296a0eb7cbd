import type { Form } from '../../base/form.ts'
import type { JsonObject } from '../../base/json.ts'
import { parseJws } from '../../jose/compact.ts'
import type { VerifyingKey } from '../../jose/jwk.ts'
import { checkClaims } from '../../jose/jwt.ts'
import { verifyJws } from '../../jose/verify.ts'
import type { ServerMetadata } from '../server-metadata.ts'
import type { Step } from '../step.ts'

/** What an authorization response in a JWT is held to. */
export interface ExpectedResponse {
  readonly now: number
  readonly metadata: ServerMetadata
  readonly keys: readonly VerifyingKey[]
  readonly client_id: string
}

/** Takes the response out of its JWT (JARM §2.4); of one that is not good nothing is taken. */
export async function openResponse(
  token: string,
  { now, metadata, keys, client_id }: ExpectedResponse,
): Promise<{ readonly step: Step; readonly response: Form }> {
  const title = 'Authorization response in a JWT'
  const jws = parseJws(token)
  if (!jws.ok)
    return { step: { title, checks: [{ good: false, text: jws.reason }] }, response: new Map() }
  const verdict = await verifyJws(jws, keys, metadata.responseAlgorithms)
  const claims = checkClaims(jws.claims, {
    ...{ now, skew: 30, required: ['iss', 'aud', 'exp'] },
    issuers: [metadata.issuer],
    audience: { values: [client_id], form: 'contains' },
  })
  const good = verdict.ok && claims.ok
  return {
    step: {
      title,
      tokens: [{ name: 'response', parts: [jws.header, jws.claims] }],
      checks: [
        verdict.ok
          ? { good: true, text: `the signature (${jws.alg}) is by a key of jwks_uri` }
          : { good: false, text: verdict.reason },
        claims.ok
          ? { good: true, text: 'iss, aud and exp are right' }
          : { good: false, text: claims.reason },
      ],
    },
    response: good ? parametersOf(jws.claims) : new Map(),
  }
}

function parametersOf(claims: JsonObject): Form {
  return new Map(
    Object.entries(claims).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  )
}
