import type { KeyObject } from 'node:crypto'
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { base64url, fromBase64url } from '../../base/bytes.ts'
import type { JsonObject } from '../../base/json.ts'
import { parseJsonObject } from '../../base/json.ts'
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
  const nonce = realm.random(12)
  const cipher = createCipheriv('aes-256-gcm', realm.secret('persistent cookie'), nonce)
  cipher.setAAD(Buffer.from(`${name} ${bound}`))
  const sealed = [nonce, cipher.update(JSON.stringify(proof)), cipher.final(), cipher.getAuthTag()]
  return prefix + base64url(Buffer.concat(sealed))
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
  if (raw === undefined || raw.length < 28) return undefined
  for (const key of realm.secrets('persistent cookie')) {
    const proof = opened(key, `${name} ${bound}`, raw)
    if (proof === undefined) continue
    const { sub, epoch, made, until, idle, peer: own } = proof as JsonObject & Proof
    const now = realm.now()
    if (now >= until || now >= made + idle || (peer !== undefined && own !== peer)) return undefined
    const user = await findEndUser(realm, sub)
    return user?.status === 'Active' && user.epoch === epoch ? { user, until } : undefined
  }
  return undefined
}

function opened(key: KeyObject, about: string, raw: Buffer): JsonObject | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, raw.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(about))
  decipher.setAuthTag(raw.subarray(-16))
  try {
    const text = Buffer.concat([decipher.update(raw.subarray(12, -16)), decipher.final()])
    return parseJsonObject(text.toString())
  } catch {
    return undefined
  }
}
