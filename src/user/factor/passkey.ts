import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { readEndUser } from '../account/account.ts'
import { subsByCredential } from '../account/account-index.ts'
import type { EndUser, Population, Whose } from '../end-user.ts'
import type { Device } from './device.ts'
import { changeDevices, devicesOf } from './device.ts'

/** A passkey (PingAM: WebAuthn device). */
export type Passkey = Device & {
  /** Base64url, as the browser has it. */
  readonly credentialId: string
  /** A COSE key (RFC 9052 §7), in base64url. */
  readonly key: string
  readonly signCount: number
  /** Which challenge it answered last, and how far it had counted until then. */
  readonly lastUse?: { readonly challenge: string; readonly counted: number }
}

/** Undefined for what is none. */
export function asPasskey(device: JsonObject): Passkey | undefined {
  const texts = ['uuid', 'deviceName', 'credentialId', 'key'].map((name) => member(device, name))
  const whole = texts.every((each) => typeof each === 'string')
  return whole && Number.isInteger(member(device, 'signCount')) ? (device as Passkey) : undefined
}

/** Somebody's passkeys. */
export function passkeysOf(user: EndUser): readonly Passkey[] {
  return devicesOf(user, 'webauthn')
    .map(asPasskey)
    .filter((each) => each !== undefined)
}

/**
 * Adds a passkey, unless there are `most` already, or it is registered (WebAuthn §7.1 step 22). Whether somebody else has
 * it is looked up once it is written, and then it is taken back: so of two who come with it at once not both keep it.
 */
export async function addPasskey(
  realm: Population,
  whose: Whose,
  passkey: Passkey,
  most: number,
): Promise<'added' | 'too many' | 'taken' | 'nobody'> {
  let refused: 'too many' | 'taken' | undefined
  const added = await changeDevices(realm, whose, 'webauthn', (there) => {
    refused = hasCredential(there, passkey)
      ? 'taken'
      : there.length >= most
        ? 'too many'
        : undefined
    return refused === undefined ? [...there, passkey] : undefined
  })
  if (!added) return refused ?? 'nobody'
  const sub = typeof whose === 'string' ? whose : whose.sub
  if (!(await isOfAnother(realm, sub, passkey))) return 'added'
  await changeDevices(realm, sub, 'webauthn', (there) =>
    there.filter(({ uuid }) => uuid !== passkey.uuid),
  )
  return 'taken'
}

function hasCredential(devices: readonly JsonObject[], { credentialId }: Passkey): boolean {
  return devices.some((each) => member(each, 'credentialId') === credentialId)
}

/** Accounts that are looked at: no more than one has it, but for those who are told so just now. */
const mostLookedAt = 16

async function isOfAnother(realm: Population, sub: string, passkey: Passkey): Promise<boolean> {
  const subs = await subsByCredential(realm, passkey.credentialId, mostLookedAt)
  for (const other of subs.filter((each) => each !== sub)) {
    const stored = await readEndUser(realm, other)
    if (stored !== undefined && hasCredential(devicesOf(stored.user, 'webauthn'), passkey))
      return true
  }
  return false
}

/** One use of a passkey. */
export interface PasskeyUse {
  /** What it answered, which is asked once. */
  readonly challenge: string
  readonly signCount: number
  /** Seconds. */
  readonly now: number
}

/**
 * Notes that a passkey was used, and tells how far it had counted until then, as it stood when this was written: of two
 * who come with one count at once, the second is seen. A use that was noted already, whose writer was not told so, is told
 * once more. Undefined where the passkey is not there any more.
 */
export async function usePasskey(
  realm: Population,
  whose: Whose,
  { uuid }: Passkey,
  { challenge, signCount, now }: PasskeyUse,
): Promise<number | undefined> {
  let counted: number | undefined
  let noted = false
  const written = await changeDevices(realm, whose, 'webauthn', (there) => {
    const at = there.findIndex((each) => each.uuid === uuid)
    const found = there[at]
    const before = found && asPasskey(found)
    if (found === undefined || before === undefined) return undefined
    noted = before.lastUse?.challenge === challenge
    counted = noted ? before.lastUse?.counted : before.signCount
    if (noted) return undefined
    const used = {
      ...{ lastAccessDate: now * 1000, signCount: Math.max(before.signCount, signCount) },
      lastUse: { challenge, counted: before.signCount },
    }
    return there.with(at, { ...found, ...used })
  })
  return written || noted ? counted : undefined
}
