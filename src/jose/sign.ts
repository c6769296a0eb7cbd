import { base64url } from '../base/bytes.ts'
import { writeJson } from '../base/exact-json.ts'
import { memo } from '../base/memo.ts'
import type { Ready } from '../base/ready.ts'
import { whenReady } from '../base/ready.ts'
import type { JwsAlg } from './algorithm.ts'
import { jwsAlgorithms } from './algorithm.ts'
import type { SigningKey } from './jwk.ts'
import { signBytes } from './signature.ts'

/** What of a header is ours to say; `kid` is the key's. */
export interface JwtHeader {
  readonly typ?: string
  /** The other name of the key's algorithm: `Ed25519` for `EdDSA` and the reverse. */
  readonly alg?: JwsAlg
}

const headersOf = memo<SigningKey, Map<string, string>>(() => new Map())

/**
 * A compact JWS over claims (RFC 7515 §7.1). The text itself where the algorithm is inline (ES256,
 * Ed25519, HS), else a promise of it. Members of the claims that are undefined are left out.
 */
export function signJwt(
  key: SigningKey,
  header: JwtHeader,
  claims: Readonly<Record<string, unknown>>,
): Ready<string> {
  const payload = Buffer.from(writeJson(claims)).toString('base64url')
  const input = `${encodedHeader(key, header)}.${payload}`
  const signature = signBytes(key.algorithm, key.key, Buffer.from(input, 'latin1'))
  return whenReady(signature, (bytes) => `${input}.${base64url(bytes)}`)
}

/** Encoded once for each key, `typ` and name; the callers are few and fixed. */
function encodedHeader(key: SigningKey, { typ, alg = key.alg }: JwtHeader): string {
  const encoded = headersOf(key)
  const name = `${alg} ${typ ?? ''}`
  let text = encoded.get(name)
  if (text === undefined) {
    if (jwsAlgorithms[alg] !== key.algorithm) throw new TypeError(`the key does not sign ${alg}`)
    text = Buffer.from(JSON.stringify({ typ, kid: key.kid, alg })).toString('base64url')
    encoded.set(name, text)
  }
  return text
}
