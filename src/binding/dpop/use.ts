import { correction } from '../../base/trusted-time.ts'
import { skew } from '../../client/method/assertion.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { singleUse, spendEnded } from '../../client/single-use.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { type ProvenProof, proofLife } from './check.ts'

/**
 * An id counts once, whatever times the proofs have that carry it (RFC 9449 §11.1). The key of a use begins with a time,
 * so that uses are swept together: the end of the stretch of time in which the proof ends. Two proofs that could be
 * taken at one moment end less than `apart` seconds from each other: one that ends so near to another stretch uses
 * up its id there too.
 */
const stretch = 1200
const apart = proofLife + 2 * skew

/** Seconds: ends of the stretches in which an id is used up, that of the proof itself first. */
function stretchesOf(until: number): readonly number[] {
  const end = Math.ceil(until / stretch) * stretch
  if (until - apart <= end - stretch) return [end, end - stretch]
  return until + apart > end ? [end, end + stretch] : [end]
}

/**
 * The use of a good proof, remembered for as long as one with this id could be taken. Of two at once that meet in two
 * stretches both may be refused, never neither.
 */
export function useOf(realm: Realm, proof: ProvenProof): SingleUse {
  const use = (end: number): SingleUse =>
    singleUse(realm, nameOf(proof), end, replayed, proof.until + correction)
  const [end = 0, other] = stretchesOf(proof.until)
  const own = use(end)
  if (other === undefined) return own
  const beside = use(other)
  const spend = async (): Promise<void> => {
    await beside.spend()
    await own.spend()
  }
  return { ...own, beside, spend }
}

/** Uses up a proof that came too late. */
export async function spendLate(realm: Realm, proof: ProvenProof): Promise<void> {
  for (const end of stretchesOf(proof.until))
    await spendEnded(realm, nameOf(proof), proof.until, end)
}

/** What names a use: the key's own ids are its own affair. */
function nameOf({ jkt, jti }: ProvenProof): readonly string[] {
  return ['dpop', jkt, jti]
}

function replayed(): OAuthError {
  return new OAuthError('invalid_dpop_proof', 'The DPoP proof has been used before.', {
    why: 'dpop-replayed',
  })
}
