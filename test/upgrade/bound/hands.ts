/** What clients and a person have in their hands whose tokens are tied to keys, certificates, details and resources. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../../src/base/json.ts'
import { importSigningKey, publicJwk } from '../../../src/jose/jwk.ts'
import type { KnownDevice } from '../../authenticator.ts'
import { type ProofKey, proofOf } from '../../dpop.ts'
import { json, oauth2, type Party } from '../../party.ts'
import { type Calls, next } from '../../race/journey/steps.ts'
import { origin } from '../../world.ts'
import type { StoreFixture, Tokens } from '../fixture.ts'
import { proofOf as clientProof } from '../proof.ts'

type Jwk = Readonly<Record<string, string>>

/** All of it belongs to demo of alpha, and to its public client unless it is said otherwise. */
export interface KeptBonds {
  /** Private: of who proves possession. */
  readonly proving: Jwk
  /** Private: of the client `details`, which signs its assertions with it. */
  readonly signing: Jwk
  /** Of the client `certified`. */
  readonly certificate: string
  readonly session: string
  /** Tied to the proving key; the refresh token too. */
  readonly tokens: Tokens
  /** Pushed with a proof, and not opened. */
  readonly pushed: string
  /** Issued for the proving key alone. */
  readonly code: string
  /** A proof that was shown with a push. */
  readonly shown: string
  /** Of `details`, and what was granted with them. */
  readonly detailed: Tokens
  readonly granted: unknown
  /** Of `details` itself, for one resource. */
  readonly resourceful: string
  /** Of `certified`, tied to its certificate. */
  readonly certified: Tokens
  /** The form and key of a push that may come again, and what it was answered. */
  readonly again: { readonly key: string; readonly request_uri: string }
  /** Which holds a passkey of demo. */
  readonly device: KnownDevice & { readonly userHandle: string }
}

type BoundFixture = KeptBonds & Pick<StoreFixture, 'commit' | 'at' | 'files'>

const file = join(import.meta.dirname, '..', '..', 'vectors', 'bound.json')

export const readBound = (): BoundFixture => JSON.parse(readFileSync(file, 'utf8')) as BoundFixture

export function writeBound(fixture: BoundFixture): void {
  writeFileSync(file, `${JSON.stringify(fixture, null, 2)}\n`)
}

export const resource = 'https://api.example/notes'

export const payment = {
  type: 'payment',
  amount: { value: 12, currency: 'EUR' },
  creditor: 'A shop',
}

export function proving(jwk: Jwk): ProofKey {
  const imported = importSigningKey(jwk)
  if (!imported.ok) throw new Error(imported.reason)
  const { key } = imported
  return { key, jwk: publicJwk(jwk), jkt: key.verifying.thumbprint ?? '' }
}

/** A client whose calls carry a new proof of a key. */
export function proven(party: Party, key: ProofKey, path: string, now: number): Party {
  const proof: Party['proof'] = () => {
    const { headers, form } = party.proof()
    const htu = origin + oauth2 + path
    const dpop = proofOf(key, { htm: 'POST', htu, iat: now, jti: `${now}-${Math.random()}` })
    return { headers: { ...headers, dpop }, form: { ...form } }
  }
  return { ...party, proof }
}

/** The client `details`, which proves itself by assertions. */
export function detailsParty(jwk: Jwk, now: number): Party {
  const client = { client_id: 'details', method: 'private_key_jwt', jwk }
  return { client_id: 'details', proof: () => ({ ...clientProof(client, now) }) }
}

/** The client `certified`, behind a proxy that hands its certificate on. */
export function certifiedParty(pem: string): Party {
  const headers = { [certificateHeader]: encodeURIComponent(pem) }
  return { client_id: 'certified', proof: () => ({ headers, form: { client_id: 'certified' } }) }
}

export const certificateHeader = 'x-client-cert'

/** Has a device make or show a passkey, as the step asks that is given; the next step. */
export function withDevice(
  w: Calls,
  asked: JsonObject,
  answer: (data: JsonObject) => string,
): Promise<JsonObject> {
  const [data, hidden] = asked.callbacks as unknown as readonly [Callback, Callback]
  const [input] = hidden.input
  const text = answer(data.output[0]?.value as JsonObject)
  const callbacks = [data, { ...hidden, input: [{ ...input, value: text }] }]
  const headers = { 'accept-api-version': 'resource=2.1, protocol=1.0' }
  const sent = { authId: asked.authId, callbacks }
  return next(w.call('POST', `${json}/authenticate`, { headers, json: sent }))
}

interface Callback {
  readonly output: readonly JsonObject[]
  readonly input: readonly JsonObject[]
}
