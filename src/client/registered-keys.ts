import { createPublicKey } from 'node:crypto'
import type { JsonObject } from '../base/json.ts'
import { parseJson } from '../base/json.ts'
import type { VerifyingKey } from '../jose/jwk.ts'
import { attempt, importVerifyingKey } from '../jose/jwk.ts'
import { readKeySet } from '../jose/jwks.ts'
import type { Refused } from '../jose/material.ts'
import { refused } from '../jose/material.ts'
import { readCertificate } from '../jose/x509/certificate.ts'
import type { Client } from './client.ts'

const registered = new WeakMap<Client, readonly VerifyingKey[]>()

/** The keys in the registration itself, imported once per change. */
export function registeredKeys(client: Client): readonly VerifyingKey[] {
  let keys = registered.get(client)
  if (keys === undefined) {
    const set =
      client.publicKeyLocation === 'x509'
        ? readPublicKey(client.clientJwtPublicKey)
        : readKeySet(parseJson(client.jwks))
    keys = set.ok ? set.keys : []
    registered.set(client, keys)
  }
  return keys
}

/** Characters of a key or certificate. */
const longest = 65_536

/**
 * The key of a registered certificate, or a bare public key, as PEM. Its registration vouches for it:
 * times and issuer of the certificate say nothing here.
 */
export function readPublicKey(
  pem: string,
): { readonly ok: true; readonly keys: readonly VerifyingKey[] } | Refused {
  if (pem.length > longest) return refused('the key is too long')
  const bare = /-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem)
  const certificate = bare ? undefined : readCertificate(pem)
  if (certificate?.ok === false) return certificate
  const key = certificate?.key ?? attempt(() => createPublicKey(pem))
  const jwk = key === undefined ? undefined : attempt(() => key.export({ format: 'jwk' }))
  if (jwk === undefined) return refused('no public key that is served')
  const imported = importVerifyingKey(jwk as JsonObject)
  if (!imported.ok) return imported
  return { ok: true, keys: [{ ...imported.key, certificate: certificate?.thumbprint }] }
}
