import { CompactEncrypt } from 'jose'
import type { JweAlg, JweEnc } from '../algorithm.ts'
import type { EncryptingKey } from './encryption-key.ts'
import { serves } from './encryption-key.ts'

/** What of a JWE header is ours to say; `kid` is the key's. */
export interface JweHeader {
  readonly typ?: string
  /** `JWT` where the payload is one (RFC 7519 §5.2). */
  readonly cty?: string
}

/**
 * A compact JWE over a payload (RFC 7516 §7.1). Made by the library: we encrypt once where others
 * do it often.
 *
 * @throws TypeError when the key does not serve `alg` and `enc`: that is the caller's to know.
 */
export async function encryptJwe(
  payload: string | Uint8Array,
  key: EncryptingKey,
  alg: JweAlg,
  enc: JweEnc,
  header: JweHeader = {},
): Promise<string> {
  if (!serves(key, alg, enc)) throw new TypeError(`the key does not encrypt ${alg} ${enc}`)
  const kid = key.kid === undefined ? {} : { kid: key.kid }
  return await new CompactEncrypt(Buffer.from(payload))
    .setProtectedHeader({ ...header, ...kid, alg, enc })
    .encrypt(key.key)
}
