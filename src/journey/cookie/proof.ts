import { base64url, fromBase64url } from '../../base/bytes.ts'
import { openText, sealText } from '../../base/sealed-text.ts'
import type { Realm } from '../../realm/realm.ts'
import { isEnded } from '../../session/family.ts'
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
  /** The family it is of, which ends with a session of it; absent in one from before there were any. */
  readonly family?: string | undefined
}

/** Whose a cookie is, until when it lets them in, and of which family it is. */
export interface Proven extends Pick<Proof, 'until' | 'family'> {
  readonly user: EndUser
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
  { peer, until, idle, family }: Pick<Proof, 'peer' | 'until' | 'idle' | 'family'>,
): string {
  const proof: Proof = { sub, epoch, peer, made: realm.now(), until, idle, family }
  const key = realm.secret('persistent cookie')
  const text = JSON.stringify(proof)
  return prefix + base64url(sealText(key, realm.random(12), `${name} ${bound}`, text))
}

/** What a cookie proves; undefined where it proves nothing any more. */
export async function openProof(
  realm: Realm,
  of: { readonly name: string; readonly bound: string },
  text: string,
  peer: string | undefined,
): Promise<Proven | undefined> {
  const proven = await readProof(realm, of, text, peer)
  if (proven?.family === undefined) return proven
  const { family: id, until } = proven
  return (await isEnded(realm, { id, until })) ? undefined : proven
}

/** The same, whether or not its family was ended. */
export async function readProof(
  realm: Realm,
  { name, bound }: { readonly name: string; readonly bound: string },
  text: string,
  peer: string | undefined,
): Promise<Proven | undefined> {
  const isOne = isProof(text) && text.length <= longest
  const raw = isOne ? fromBase64url(text.slice(prefix.length)) : undefined
  if (raw === undefined) return undefined
  for (const key of realm.secrets('persistent cookie')) {
    const proof = openText(key, `${name} ${bound}`, raw)
    if (proof === undefined) continue
    const { sub, epoch, made, until, idle, peer: own, family } = JSON.parse(proof) as Proof
    const now = realm.now()
    if (now >= until || now >= made + idle || (peer !== undefined && own !== peer)) return undefined
    const user = await findEndUser(realm, sub)
    return user?.status === 'Active' && user.epoch === epoch ? { user, until, family } : undefined
  }
  return undefined
}
