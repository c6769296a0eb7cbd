/** Key pairs and certificates of clients, made for one run: nothing here is a secret. */
import { generateKeyPairSync } from 'node:crypto'
import type { Json, JsonObject } from '../../src/base/json.ts'
import { authority, cn, type Issued, issue } from '../pki.ts'

/** What a file of plans may ask for by `{kind:name}`. */
export type Made = ReadonlyMap<string, Json>

/** Client → algorithm of its key, and client → who issues its certificate. */
export interface Wanted {
  readonly keys?: Readonly<Record<string, string>>
  readonly certificates?: Readonly<Record<string, 'authority' | 'self'>>
}

/** Vouches for all certificates of a run. */
export const clientAuthority: Issued = authority('Conformance')

/** The server's own: FAPI 1.0 Advanced §8.5 leaves no cipher suite of TLS 1.2 but those for RSA. */
export function serverIdentity(): { readonly cert: string; readonly key: string } {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const names = [[0x82, Buffer.from('localhost')]] as const
  const { pem } = issue({ subject: cn('localhost'), issuer: clientAuthority, keys, names })
  return { cert: pem, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
}

/** By which the resource proves itself to the server. */
export const resourceCertificate: Issued = issue({
  subject: cn('resource'),
  issuer: clientAuthority,
})

export function madeFor({ keys = {}, certificates = {} }: Wanted): Made {
  return new Map<string, Json>([
    ...Object.entries(keys).flatMap(([name, alg]) => keySets(name, alg)),
    ...Object.entries(certificates).flatMap(([name, by]) => certificateOf(name, by)),
  ])
}

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

/** By how the algorithm's name begins. */
const pairs = [
  ['ES', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['Ed', () => generateKeyPairSync('ed25519')],
  ['RS', rsa],
  ['PS', rsa],
] as const

/** `private` is a JWK set, `public` its public half as JSON text, as AM's JSON has it. */
function keySets(name: string, alg: string): readonly (readonly [string, Json])[] {
  const pair = pairs.find(([begins]) => alg.startsWith(begins))?.[1]()
  if (pair === undefined) throw new Error(`no keys for ${alg}`)
  const shared = { kid: name, alg, use: 'sig' }
  const set = (key: typeof pair.publicKey): JsonObject => ({
    keys: [{ ...(key.export({ format: 'jwk' }) as JsonObject), ...shared }],
  })
  return [
    [`private:${name}`, set(pair.privateKey)],
    [`public:${name}`, JSON.stringify(set(pair.publicKey))],
  ]
}

function certificateOf(name: string, by: string): readonly (readonly [string, Json])[] {
  const issuer = by === 'self' ? {} : { issuer: clientAuthority }
  const { pem, privateKey } = issue({ subject: cn(name), ...issuer })
  return [
    [`certificate:${name}`, pem],
    [`key:${name}`, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string],
  ]
}
