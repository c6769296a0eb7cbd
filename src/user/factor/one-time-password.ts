import { createHmac } from 'node:crypto'

/** How a device makes its passwords (RFC 4226, RFC 6238). */
export interface PasswordShape {
  readonly algorithm: 'TOTP' | 'HOTP'
  readonly hash: 'sha1' | 'sha256' | 'sha512'
  readonly digits: 6 | 8
  /** Seconds for which a password of time stands. */
  readonly interval: number
  /** RFC 4226 §5.4, appendix E.1: one more digit, and where the number is read; below zero it says so itself. */
  readonly checksum: boolean
  readonly offset: number
}

/** The password of a count (RFC 4226 §5.3). */
export function passwordAt(secret: Buffer, count: number, shape: PasswordShape): string {
  const { hash, digits, checksum, offset } = shape
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(count))
  const mac = createHmac(hash, secret).update(message).digest()
  const own = (mac.at(-1) as number) & 0x0f
  const at = offset >= 0 && offset < mac.length - 4 ? offset : own
  const number = (mac.readUInt32BE(at) & 0x7fff_ffff) % 10 ** digits
  const text = String(number).padStart(digits, '0')
  return checksum ? `${text}${luhn(text)}` : text
}

/** RFC 4226 §5.4: the credit card checksum. */
function luhn(digits: string): number {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i])
    const value = i % 2 === 0 ? digit * 2 : digit
    sum += value > 9 ? value - 9 : value
  }
  return (10 - (sum % 10)) % 10
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 §6, without padding, as authenticator apps read it. */
export function base32(bytes: Uint8Array): string {
  let [text, bits, held] = ['', 0, 0]
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31]
  }
  return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31]
}
