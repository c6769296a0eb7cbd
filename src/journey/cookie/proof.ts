import { base64url, fromBase64url } from '../../base/bytes.ts'
import { openText, sealText } from '../../base/sealed-text.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser } from '../../user/end-user.ts'

/** What a cookie proves that lets somebody in without being asked (PingAM: persistent cookie). Times are seconds. */
interface Proof {
  readonly sub: string
  /** Where the account's counter stood: what ends its sessions ends this. */
  readonly epoch: number
  /** The address it was made for. */
  readonly peer: string
  /** When it was handed over, the second from which it is none, and how long it lasts without being shown. */
  readonly made: number
  readonly until: number
  readonly idle: number
}

const longest = 2048

/** What every proof begins with, so that it is known for one whatever its cookie is called. */
const prefix = 'parapet-'

/** Whether a cookie's value may be a proof, of whatever realm. */
export function isProof(value: string): boolean {
  return value.startsWith(prefix)
}

/** Encrypted and authenticated by a secret of the realm, for this cookie of this key alone. */
export function sealProof(
  realm: Realm,
  { name, bound }: { readonly name: string; readonly bound: string },
  { sub, epoch }: EndUser,
  { peer, until, idle }: Pick<Proof, 'peer' | 'until' | 'idle'>,
): string {
  const proof: Proof = { sub, epoch, peer, made: realm.now(), until, idle }
  const key = realm.secret('persistent cookie')
  const text = JSON.stringify(proof)
  return prefix + base64url(sealText(key, realm.random(12), `${name} ${bound}`, text))
}

/** What a cookie proves: whose it is, and until when; undefined where it proves nothing any more. */
export async function openProof(
  realm: Realm,
  { name, bound }: { readonly name: string; readonly bound: string },
  text: string,
  peer: string | undefined,
): Promise<{ readonly user: EndUser; readonly until: number } | undefined> {
  const isOne = isProof(text) && text.length <= longest
  const raw = isOne ? fromBase64url(text.slice(prefix.length)) : undefined
  if (raw === undefined) return undefined
  for (const key of realm.secrets('persistent cookie')) {
    const proof = openText(key, `${name} ${bound}`, raw)
    if (proof === undefined) continue
    const { sub, epoch, made, until, idle, peer: own } = JSON.parse(proof) as Proof
    const now = realm.now()
    if (now >= until || now >= made + idle || (peer !== undefined && own !== peer)) return undefined
    const user = await findEndUser(realm, sub)
    return user?.status === 'Active' && user.epoch === epoch ? { user, until } : undefined
  }
  return undefined
}
