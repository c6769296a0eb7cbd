import type { JsonWebKey, KeyObject } from 'node:crypto'
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import { parseJsonObject } from '../base/json.ts'
import { random } from '../base/random.ts'

/** Bits of an RSA key of a script: longer ones compute for long, in one go (RFC 7518 §3.3). */
const [shortest, longest] = [2048, 4096]

type Work = (...args: readonly string[]) => string

/**
 * What JWTs of scripts need of a machine (PingAM: `jwtAssertion`, `jwtValidator`): RS256, and A128CBC-HS256 with a key
 * that both sides have (RFC 7518 §3.3, §5.2.3). Bytes travel as base64.
 */
export const jwtWorks: Readonly<Record<string, Work>> = {
  rs256: (jwk = '', text = '') =>
    sign('sha256', Buffer.from(text), rsaKey(jwk, createPrivateKey)).toString('base64'),
  rs256Verified: (jwk = '', text = '', signature = '') =>
    String(verify('sha256', Buffer.from(text), rsaKey(jwk, createPublicKey), bytes(signature))),
  seal: (key = '', header = '', text = '') => {
    const [mac, own] = halves(key)
    const iv = random(16)
    const cipher = createCipheriv('aes-128-cbc', own, iv)
    const sealed = Buffer.concat([cipher.update(text), cipher.final()])
    return [iv, sealed, tagOf(mac, header, iv, sealed)]
      .map((each) => each.toString('base64'))
      .join()
  },
  open: (key = '', header = '', ...parts) => {
    const [iv = none, sealed = none, tag = none] = parts.map(bytes)
    const [mac, own] = halves(key)
    const right = tagOf(mac, header, iv, sealed)
    if (tag.length !== right.length || !timingSafeEqual(tag, right)) return ''
    const decipher = createDecipheriv('aes-128-cbc', own, iv)
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString()
  },
}

const none = Buffer.alloc(0)

function bytes(text: string): Buffer {
  return Buffer.from(text, 'base64')
}

type Make = (input: { readonly key: JsonWebKey; readonly format: 'jwk' }) => KeyObject

function rsaKey(text: string, make: Make): KeyObject {
  const key = made(text, make)
  const { modulusLength = 0 } = key?.asymmetricKeyDetails ?? {}
  if (key?.asymmetricKeyType !== 'rsa') throw new Error('the key is no RSA key in JWK format')
  if (modulusLength < shortest || modulusLength > longest)
    throw new Error(`an RSA key has from ${shortest} to ${longest} bits`)
  return key
}

/** What is wrong with a key is told without any part of it. */
function made(text: string, make: Make): KeyObject | undefined {
  const key = text.length > 16_384 ? undefined : parseJsonObject(text)
  try {
    return key && make({ key, format: 'jwk' })
  } catch {
    return undefined
  }
}

/** RFC 7518 §5.2.2.1: the first half authenticates, the second enciphers. */
function halves(key: string): readonly [mac: Buffer, own: Buffer] {
  const all = bytes(key)
  if (all.length !== 32) throw new Error('the key for A128CBC-HS256 has 32 bytes')
  return [all.subarray(0, 16), all.subarray(16)]
}

function tagOf(mac: Buffer, header: string, iv: Buffer, sealed: Buffer): Buffer {
  const bits = Buffer.alloc(8)
  bits.writeBigUInt64BE(BigInt(header.length) * 8n)
  const hmac = createHmac('sha256', mac).update(header).update(iv).update(sealed).update(bits)
  return hmac.digest().subarray(0, 16)
}
