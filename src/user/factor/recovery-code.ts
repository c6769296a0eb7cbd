import { createHash } from 'node:crypto'
import { base64url } from '../../base/bytes.ts'
import type { Json } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Random } from '../../base/random.ts'
import type { Device } from './device.ts'

/** Codes of one device, as PingAM has them. */
const many = 10
const length = 10

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** New codes, to be shown once. */
export function newRecoveryCodes(random: Random): readonly string[] {
  return Array.from({ length: many }, () => newCode(random))
}

function newCode(random: Random): string {
  let code = ''
  while (code.length < length)
    // 248 is 4 · 62: each letter is as likely as any other.
    for (const byte of random(length))
      if (byte < 248 && code.length < length) code += letters[byte % letters.length]
  return code
}

/** What is kept of them: nobody who reads it has a code. They are drawn from 62^10, so that none can be tried out. */
export function keptCodes(codes: readonly string[]): readonly string[] {
  return codes.map(digestOf)
}

/** The devices without a code of theirs; undefined where it is none, or was used. */
export function withoutCode(
  devices: readonly Device[],
  code: string,
): readonly Device[] | undefined {
  const digest = digestOf(code.trim())
  const holder = devices.find((device) => codesOf(device).includes(digest))
  if (holder === undefined) return undefined
  const recoveryCodes = codesOf(holder).filter((each) => each !== digest)
  return devices.map((each) => (each === holder ? { ...each, recoveryCodes } : each))
}

function codesOf(device: Device): readonly Json[] {
  const codes = member(device, 'recoveryCodes')
  return Array.isArray(codes) ? (codes as readonly Json[]) : []
}

function digestOf(code: string): string {
  return base64url(createHash('sha256').update(`recovery code ${code}`).digest())
}
