import type { KeyObject } from 'node:crypto'
import { createPublicKey, diffieHellman, hash } from 'node:crypto'
import { fromBase64url } from '../../base/bytes.ts'
import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { jweAlgorithms, jweEncryptions } from '../algorithm.ts'
import { attempt } from '../jwk.ts'
import { betraysSecret, readMaterial } from '../material.ts'
import type { UnopenedJwe } from './encrypted.ts'
import type { DecryptingKey } from './encryption-key.ts'

/**
 * The key that ECDH-ES agrees on (RFC 7518 §4.6): the content key, or the one that wraps it.
 * Undefined when the sender's point is not a public one of our key's curve.
 */
export async function agreedKey(
  jwe: UnopenedJwe,
  { key, crv }: DecryptingKey,
): Promise<Buffer | undefined> {
  const { wrapBits } = jweAlgorithms[jwe.alg]
  const bits = wrapBits || jweEncryptions[jwe.enc].keyBits
  const name = wrapBits === 0 ? jwe.enc : jwe.alg
  const sender = partyInfo(jwe.header, 'apu')
  const recipient = partyInfo(jwe.header, 'apv')
  const epk = member(jwe.header, 'epk')
  if (sender === undefined || recipient === undefined || !isObject(epk)) return undefined
  const ephemeral = ephemeralKey(epk, crv)
  if (ephemeral === undefined) return undefined
  // P-256 costs less here than the way to a pool thread and back; the larger curves do not.
  const shared = await (crv === 'P-256' ? agree(key, ephemeral) : agreeElsewhere(key, ephemeral))
  return shared && deriveKey(shared, [name, sender, recipient], bits)
}

/** node:crypto refuses a point that is not on the curve it names (J-8). */
function ephemeralKey(epk: JsonObject, crv: string | undefined): KeyObject | undefined {
  if (betraysSecret(epk)) return undefined
  const material = readMaterial(epk)
  if (!material.ok || material.kty !== 'EC' || material.crv !== crv) return undefined
  return attempt(() => createPublicKey({ key: material.jwk, format: 'jwk' }))
}

function agree(privateKey: KeyObject, publicKey: KeyObject): Buffer | undefined {
  return attempt(() => diffieHellman({ privateKey, publicKey }))
}

function agreeElsewhere(privateKey: KeyObject, publicKey: KeyObject): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    diffieHellman({ privateKey, publicKey }, (error, shared) => {
      resolve(error === null ? shared : undefined)
    })
  })
}

/** RFC 7518 §4.6.1.2, §4.6.1.3: empty when absent, undefined when malformed. */
function partyInfo(header: JsonObject, name: 'apu' | 'apv'): Buffer | undefined {
  const text = member(header, name) ?? ''
  return typeof text === 'string' ? fromBase64url(text) : undefined
}

/** The Concat KDF of NIST SP 800-56A §5.8.1 with SHA-256, as RFC 7518 §4.6.2 fills it in. */
function deriveKey(
  shared: Buffer,
  [algorithm, sender, recipient]: readonly [string, Buffer, Buffer],
  bits: number,
): Buffer {
  const info = [Buffer.from(algorithm), sender, recipient].flatMap((part) => [
    uint32(part.length),
    part,
  ])
  const rounds = Array.from({ length: Math.ceil(bits / 256) }, (_, i) =>
    hash('sha256', Buffer.concat([uint32(i + 1), shared, ...info, uint32(bits)]), 'buffer'),
  )
  return Buffer.concat(rounds).subarray(0, bits / 8)
}

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}
