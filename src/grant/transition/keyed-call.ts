import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { base64url } from '../../base/bytes.ts'
import type { Client } from '../../client/client.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Stored } from '../../store/store.ts'

/** A call as its client named it (draft-ietf-httpapi-idempotency-key-header §2). */
export interface KeyedCall {
  /** What the header says. */
  readonly key: string
  /** What was sent, without what is made anew for each call to prove the client. */
  readonly body: string
  /** That proof, an assertion; empty where there is none. */
  readonly proof: string
}

/** What a key stands for: one push, which is there or is about to be. */
export interface Entry {
  /** Keyed hashes of what was sent. */
  readonly body: string
  readonly proof: string
  /** The push's record, in hex. */
  readonly record: string
  /** Seconds: until then the push may be opened, and the key means it. */
  readonly redeem_by: number
  /** Once it is there, and before anybody is told of it. */
  readonly stored: boolean
}

/** The call under one of the realm's secrets: where its entry lies, in no folder, since nobody lists them; and what stands in it. */
export interface Named extends Pick<Entry, 'body' | 'proof'> {
  readonly at: string
}

/** A call under each of the realm's secrets, of which the first makes what is new. */
export function namesOf(
  realm: Realm,
  client: Client,
  call: KeyedCall,
): readonly [Named, ...Named[]] {
  const [first, ...others] = realm.secrets('idempotency key')
  if (first === undefined) throw new Error('a realm without a secret')
  const of = (secret: KeyObject): Named => named(secret, realm, client, call)
  return [of(first), ...others.map(of)]
}

function named(secret: KeyObject, realm: Realm, client: Client, call: KeyedCall): Named {
  const mac = (...what: readonly string[]): string =>
    base64url(createHmac('sha256', secret).update(JSON.stringify(what)).digest())
  const { client_id, incarnation } = client
  const owner = [realm.identity, client_id, incarnation, call.key]
  return {
    at: `idempotency:${mac('key', ...owner)}`,
    body: mac('body', ...owner, realm.issuer, call.body),
    proof: call.proof === '' ? '' : mac('proof', ...owner, call.proof),
  }
}

export function valueOf({ body, proof, record, redeem_by, stored }: Entry): Buffer {
  return Buffer.from(JSON.stringify([body, proof, record, redeem_by, stored]))
}

export function entryOf({ value }: Stored): Entry {
  const [body, proof, record, redeem_by, stored] = JSON.parse(value.toString()) as [
    string,
    string,
    string,
    number,
    boolean,
  ]
  return { body, proof, record, redeem_by, stored }
}
