import { createPublicKey } from 'node:crypto'
import type { JsonObject } from '../base/json.ts'
import { parseJson } from '../base/json.ts'
import { alarm, reasonOf } from '../base/log.ts'
import { importEncryptingKey } from '../jose/encryption/encryption-key.ts'
import type { VerifyingKey } from '../jose/jwk.ts'
import { attempt, importVerifyingKey } from '../jose/jwk.ts'
import type { KeySet } from '../jose/jwks.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { Refused } from '../jose/material.ts'
import { refused } from '../jose/material.ts'
import { readCertificate } from '../jose/x509/certificate.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'

/** A client's keys: to check its signatures with, and to encrypt for it. */
export type ClientKeys = Pick<KeySet, 'keys' | 'encrypting'>

const none: ClientKeys = { keys: [], encrypting: [] }
const registered = new WeakMap<Client, ClientKeys>()

/** The keys in the registration itself, imported once per change. */
export function registeredKeys(realm: Realm, client: Client): ClientKeys {
  let keys = registered.get(client)
  if (keys === undefined) {
    keys = importKeys(realm, client)
    registered.set(client, keys)
  }
  return keys
}

function importKeys(realm: Realm, client: Client): ClientKeys {
  if (client.publicKeyLocation === 'x509') {
    const read = readPublicKey(client.clientJwtPublicKey)
    return read.ok ? read : none
  }
  const set = readKeySet(parseJson(client.jwks))
  if (!set.ok) return none
  if (set.strange.length > 0) keySetMalformed(realm, client, set)
  return set
}

/** RFC 7517 §5: what is no key in a set is passed over; whoever made the set should know. */
export function keySetMalformed({ path: realm }: Realm, { client_id }: Client, set: KeySet): void {
  alarm('client.key_set_malformed', { realm, client_id, reason: reasonOf(set.strange.join(', ')) })
}

/** Characters of a key or certificate. */
const longest = 65_536

/**
 * The key of a registered certificate, or a bare public key, as PEM. Its registration vouches for it:
 * times and issuer of the certificate say nothing here.
 */
export function readPublicKey(pem: string): (ClientKeys & { readonly ok: true }) | Refused {
  if (pem.length > longest) return refused('the key is too long')
  const bare = /-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem)
  const certificate = bare ? undefined : readCertificate(pem)
  if (certificate?.ok === false) return certificate
  const key = certificate?.key ?? attempt(() => createPublicKey(pem))
  const jwk = key === undefined ? undefined : attempt(() => key.export({ format: 'jwk' }))
  if (jwk === undefined) return refused('no public key that is served')
  const imported = importVerifyingKey(jwk as JsonObject)
  if (!imported.ok) return imported
  const verifying: VerifyingKey = { ...imported.key, certificate: certificate?.thumbprint }
  const encrypts = importEncryptingKey(jwk as JsonObject)
  return { ok: true, keys: [verifying], encrypting: encrypts.ok ? [encrypts.key] : [] }
}
