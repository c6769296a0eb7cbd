import { hash } from 'node:crypto'
import { equalInConstantTime } from '../../base/bytes.ts'
import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { lru } from '../../base/lru.ts'
import type { Ready } from '../../base/ready.ts'
import { whenReady } from '../../base/ready.ts'
import type { JwsAlg } from '../../jose/algorithm.ts'
import type { UnverifiedJws } from '../../jose/compact.ts'
import { parseJws } from '../../jose/compact.ts'
import type { Imported, VerifyingKey } from '../../jose/jwk.ts'
import { importVerifyingKey } from '../../jose/jwk.ts'
import { checkClaims } from '../../jose/jwt.ts'
import { verifyJws } from '../../jose/verify.ts'
import { addressForm } from './address.ts'

/** What a proof is held to: the request that carries it, the time, and what may sign it. */
export interface ProofRules {
  readonly method: string
  /** Scheme, host, port and path that the request was sent to. */
  readonly address: string
  /** Asymmetric ones alone (RFC 9449 §11.6). */
  readonly algorithms: readonly JwsAlg[]
  /** Seconds since 1970. */
  readonly now: number
  /** Seconds by which two clocks may differ, in either direction. */
  readonly skew: number
  /** Seconds: what may have been made by then does not count; 0: everything does. */
  readonly madeAfter: number
  /** The access token it came with (RFC 9449 §7); absent where it came with none. */
  readonly token?: string
}

/** What a good proof says. Whether it was used before, and its nonce, are still to be looked at. */
export interface ProvenProof {
  readonly ok: true
  /** RFC 7638 thumbprint of the key. */
  readonly jkt: string
  readonly jti: string
  /** Seconds: until then it may be used. */
  readonly until: number
  readonly nonce: string | undefined
  readonly alg: string
}

/** The rule that a proof breaks, by the name of its row of reasons. */
export type BrokenRule =
  | 'dpop-unreadable'
  | 'dpop-typ'
  | 'dpop-alg'
  | 'dpop-key'
  | 'dpop-signature'
  | 'dpop-claim-missing'
  | 'dpop-claim-malformed'
  | 'dpop-jti-long'
  | 'dpop-htm'
  | 'dpop-htu'
  | 'dpop-ath'
  | 'dpop-time'
  | 'dpop-expired'

export interface BrokenProof {
  readonly ok: false
  readonly why: BrokenRule
  /** More than the rule says, without a value of the proof. */
  readonly reason?: string
  /** Of a good one that came too late. */
  readonly ended?: ProvenProof
}

/** Seconds after `iat` for which a proof is taken, beside what two clocks may differ (RFC 9449 §11.1). */
export const proofLife = 60

/** RSA keys of the longest kind and their signatures fit in; so does whatever a client may add of its own. */
const longestProof = 8192
const longestJti = 512

/**
 * Checks a DPoP proof by every rule of RFC 9449 §4.3 that needs no memory: 2 (by its form) to 9, 11 and 12. A
 * verdict at once for keys that are cheap to verify with; never throws at bad input.
 */
export function checkProof(text: string, rules: ProofRules): Ready<ProvenProof | BrokenProof> {
  if (text.length > longestProof) return broken('dpop-unreadable', 'the proof is too long')
  const jws = parseJws(text)
  if (!jws.ok) return broken('dpop-unreadable', jws.reason)
  if (member(jws.header, 'typ') !== 'dpop+jwt') return broken('dpop-typ')
  if (!rules.algorithms.some((alg) => alg === jws.alg)) return broken('dpop-alg')
  const jwk = member(jws.header, 'jwk')
  if (!isObject(jwk)) return broken('dpop-key', 'the jwk is missing')
  return whenReady(signed(jws, jwk, rules), (jkt) =>
    typeof jkt === 'string' ? checkSaid(jws, jkt, rules) : jkt,
  )
}

/** The thumbprint of the key in the header, which made the signature. A `kid` beside it says nothing. */
function signed(
  jws: UnverifiedJws,
  jwk: JsonObject,
  { algorithms }: ProofRules,
): Ready<string | BrokenProof> {
  const imported = keyOf(jwk)
  if (!imported.ok) return broken('dpop-key', imported.reason)
  const { key } = imported
  return whenReady(verifyJws({ ...jws, kid: undefined }, [key], algorithms), (verdict) => {
    if (verdict.ok) return key.thumbprint ?? broken('dpop-key')
    const unfit = verdict.reason === 'no key fits the alg'
    return broken(unfit ? 'dpop-key' : 'dpop-signature', verdict.reason)
  })
}

/** Keys that were read, by what they were read from: a client proves each call by the key that it had the time before. */
const read = lru<Imported<VerifyingKey>>(1000)

/** To read a key costs nearly as much as to verify with it. */
function keyOf(jwk: JsonObject): Imported<VerifyingKey> {
  const text = JSON.stringify(jwk)
  const known = read.get(text)
  if (known !== undefined) return known
  const imported = importVerifyingKey(jwk)
  if (imported.ok) read.set(text, imported)
  return imported
}

/** What a signed proof claims. Claims it has beside those mean nothing (RFC 9449 §4.2). */
function checkSaid(
  { claims, alg }: UnverifiedJws,
  jkt: string,
  rules: ProofRules,
): ProvenProof | BrokenProof {
  const { now, skew, madeAfter, method, address, token } = rules
  const times = checkClaims(claims, { now, skew, madeAfter, required: ['jti', 'iat'] })
  if (!times.ok && times.reason.endsWith('is missing')) return broken('dpop-claim-missing')
  if (!times.ok && times.reason.endsWith('is malformed')) return broken('dpop-claim-malformed')
  const said = textsOf(claims, token !== undefined)
  if (!said.ok) return said
  if (said.htm !== method) return broken('dpop-htm')
  const form = addressForm(said.htu)
  if (form === undefined || form !== addressForm(address)) return broken('dpop-htu')
  if (token !== undefined && !equalInConstantTime(said.ath, hash('sha256', token, 'base64url')))
    return broken('dpop-ath')
  const { jti, iat } = claims as { readonly jti: string; readonly iat: number }
  if (jti.length > longestJti) return broken('dpop-jti-long')
  const until = iat + proofLife + skew
  const proof: ProvenProof = { ok: true, jkt, jti, until, nonce: said.nonce, alg }
  const ended = !times.ok && times.reason === 'exp has passed'
  if (until <= now || ended) return { ...broken('dpop-expired'), ended: proof }
  return times.ok ? proof : broken('dpop-time', times.reason)
}

interface Said {
  readonly ok: true
  readonly htm: string
  readonly htu: string
  readonly ath: string
  readonly nonce: string | undefined
}

/** The claims that only a proof has; `ath` counts where there is a token. */
function textsOf(claims: JsonObject, withToken: boolean): Said | BrokenProof {
  const [htm, htu, ath, nonce] = ['htm', 'htu', 'ath', 'nonce'].map((name) => member(claims, name))
  const needed = withToken ? [htm, htu, ath] : [htm, htu]
  if (needed.includes(undefined)) return broken('dpop-claim-missing')
  if (typeof htm !== 'string' || typeof htu !== 'string') return broken('dpop-claim-malformed')
  if (withToken && typeof ath !== 'string') return broken('dpop-claim-malformed')
  if (nonce !== undefined && typeof nonce !== 'string') return broken('dpop-claim-malformed')
  return { ok: true, htm, htu, ath: typeof ath === 'string' ? ath : '', nonce }
}

function broken(why: BrokenRule, reason?: string): BrokenProof {
  return reason === undefined ? { ok: false, why } : { ok: false, why, reason }
}
