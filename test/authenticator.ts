/** A device with passkeys, made of a key pair, that answers as PingAM's clients send it on (WebAuthn §6). */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import type { Json, JsonObject } from '../src/base/json.ts'
import type { Passkey } from '../src/user/factor/passkey.ts'

export interface Authenticator {
  /** What is done otherwise than a browser would that talks with the server itself. */
  origin: string
  relyingParty: string | undefined
  verifiesUser: boolean
  counter: number
  /** The device's own word for its user, as it was told when the passkey was made. */
  userHandle: string
  readonly id: string
  /** Its key as an account keeps it. */
  readonly key: string
  register(data: JsonObject): string
  authenticate(data: JsonObject): string
}

/** A device that was there before: its key (a private JWK of P-256), and its id. */
export interface KnownDevice {
  readonly jwk: JsonWebKey
  readonly id: string
}

export function newDevice(): KnownDevice {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { jwk: privateKey.export({ format: 'jwk' }), id: randomBytes(16).toString('base64url') }
}

export function authenticator(origin: string, device = newDevice()): Authenticator {
  const privateKey = createPrivateKey({ key: device.jwk, format: 'jwk' })
  const publicKey = createPublicKey(privateKey)
  const id = Buffer.from(device.id, 'base64url')
  const own: Authenticator = {
    ...{ origin, relyingParty: undefined, verifiesUser: true, counter: 0, userHandle: '' },
    id: id.toString('base64url'),
    key: cose(publicKey).toString('base64url'),
    register(data) {
      own.userHandle = String(data.userId)
      const attested = Buffer.concat([
        Buffer.alloc(16),
        Buffer.from([0, id.length]),
        id,
        cose(publicKey),
      ])
      const authData = Buffer.concat([dataOf(own, data, 0x40), attested])
      const attestation = Buffer.concat([
        Buffer.from('\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59', 'latin1'),
        Buffer.from([authData.length >> 8, authData.length & 255]),
        authData,
      ])
      return [clientData(own, data, 'create'), numbers(attestation), own.id].join('::')
    },
    authenticate(data) {
      own.counter += 1
      const authData = dataOf(own, data, 0)
      const client = clientData(own, data, 'get')
      const signed = Buffer.concat([authData, sha256(client)])
      const signature = sign('sha256', signed, privateKey)
      return [client, numbers(authData), numbers(signature), own.id, own.userHandle].join('::')
    },
  }
  return own
}

/** A passkey that is on a device from the start, as that user's account keeps it. */
export function passkeyOn(device: Authenticator, sub: string): Passkey {
  device.userHandle = Buffer.from(sub).toString('base64url')
  const { id: credentialId, key } = device
  return { uuid: device.id, deviceName: 'Device', credentialId, key, signCount: 0 }
}

/** The same in JSON, as newer clients send it. */
export function asJson(legacyData: string): string {
  return JSON.stringify({ authenticatorAttachment: 'platform', legacyData })
}

function clientData({ origin }: Authenticator, data: JsonObject, what: 'create' | 'get'): string {
  const challenge = Buffer.from(String(data.challenge), 'base64').toString('base64url')
  return JSON.stringify({ type: `webauthn.${what}`, challenge, origin, crossOrigin: false })
}

function dataOf(own: Authenticator, data: JsonObject, more: number): Buffer {
  const flags = 0x01 | (own.verifiesUser ? 0x04 : 0) | more
  const head = Buffer.alloc(5)
  head[0] = flags
  head.writeUInt32BE(own.counter, 1)
  return Buffer.concat([sha256(own.relyingParty ?? String(data._relyingPartyId)), head])
}

/** RFC 9053 §7.1.1: a key of P-256. */
function cose(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
    Buffer.from(x, 'base64url'),
    Buffer.from([0x22, 0x58, 0x20]),
    Buffer.from(y, 'base64url'),
  ])
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function numbers(bytes: Buffer): string {
  return new Int8Array(bytes).toString()
}

/** What a step of a journey asks of such a device. */
export function askedOf(
  callbacks: readonly {
    readonly output: readonly { readonly name: string; readonly value: Json }[]
  }[],
): JsonObject {
  const [data] = callbacks.flatMap(({ output }) => output.filter(({ name }) => name === 'data'))
  return data?.value as JsonObject
}
