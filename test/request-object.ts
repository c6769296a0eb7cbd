/** Request objects as clients make them, and the clients that do. */
import assert from 'node:assert/strict'
import type { HttpResponse } from '../src/base/http.ts'
import type { Json, JsonObject } from '../src/base/json.ts'
import { readClient, saveClient } from '../src/client/registration.ts'
import { hashSecret } from '../src/client/stored-secret.ts'
import { findRecord } from '../src/grant/find-record.ts'
import { pushedHandle } from '../src/grant/handle.ts'
import { requestIn } from '../src/grant/record.ts'
import type { JweAlg, JweEnc, JwsAlg } from '../src/jose/algorithm.ts'
import { jweAlgorithms } from '../src/jose/algorithm.ts'
import type { EncryptingKey } from '../src/jose/encryption/encryption-key.ts'
import { importEncryptingKey, secretEncryptionKey } from '../src/jose/encryption/encryption-key.ts'
import { secretKey } from '../src/jose/jwk.ts'
import type { AuthorizationRequest } from '../src/protocol/authorization-request.ts'
import type { Signer } from './assertion.ts'
import { keySet } from './assertion.ts'
import { browser } from './browser.ts'
import { withEvents } from './events.ts'
import { authorizeUrl, refusedWith } from './flow.ts'
import { wrap } from './jwe.ts'
import type { Apart } from './register.ts'
import { post, postAs, redirect_uri, register, secret } from './register.ts'
import { forge } from './token.ts'
import type { World } from './world.ts'
import { base, basic, bodyOf, challenge, requestOf } from './world.ts'

export type Claims = Readonly<Record<string, unknown>>

/** The claims of a good object of this client, times and all; an undefined value leaves one out. */
export function objectClaims(w: World, client_id: string, changes: Claims = {}): Claims {
  return {
    client_id,
    iss: client_id,
    nbf: w.clock.now,
    exp: w.clock.now + 360,
    response_type: 'code',
    redirect_uri,
    scope: 'write',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...changes,
  }
}

/** An object signed by this key, whatever it claims. */
export function signed({ key }: Pick<Signer, 'key'>, claims: unknown, header: Claims = {}): string {
  return forge(key, { alg: key.alg, kid: key.kid, ...header }, claims)
}

/** Registers a client whose objects these keys sign. */
export function registerSigner(
  w: World,
  client_id: string,
  signers: readonly Signer[],
  { keys, ...apart }: Apart = {},
): Promise<void> {
  const own = { publicKeyLocation: 'jwks', jwkSet: keySet(...signers), ...keys }
  return register(w, client_id, { ...apart, keys: own })
}

/** The secret of a client registered here, as the key of an HMAC. */
export function secretSigner(alg: JwsAlg, text = longSecret): Pick<Signer, 'key'> {
  const imported = secretKey(text, alg)
  if (!imported.ok) throw new Error(imported.reason)
  return imported
}

/** Long enough for every HMAC and every content key. */
export const longSecret = `${secret}${secret}`

/** Registers a client whose secret is kept as a key (C-27). */
export async function registerSymmetric(
  w: World,
  client_id: string,
  keys: Readonly<Record<string, Json>>,
): Promise<void> {
  const realm = await w.realm()
  await register(w, client_id, { keys })
  const stored = await readClient(realm, client_id)
  if (stored === undefined) throw new Error('not registered')
  const secrets = [await hashSecret(realm, longSecret, true)]
  await saveClient(realm, { ...stored.record, secrets })
}

/** Pushes an object as a client registered here, with what else is said to stand beside it. */
export function pushObject(
  w: World,
  client_id: string,
  request: string,
  beside: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  return postAs(w, client_id, '/par', { request, ...beside })
}

/** The same for a client whose secret is kept as a key. */
export function pushSymmetric(w: World, client_id: string, request: string): Promise<HttpResponse> {
  return post(w, '/par', { request }, { authorization: basic(client_id, longSecret) })
}

/** What was stored of an accepted push. */
export async function storedOf(w: World, response: HttpResponse): Promise<AuthorizationRequest> {
  assert.equal(response.status, 201, String(response.body))
  const handle = pushedHandle(String(bodyOf(response).request_uri))
  const found = await findRecord(await w.realm(), 'request_uri', String(handle))
  const request = typeof found === 'string' ? undefined : requestIn(found.record)
  assert.ok(request !== undefined)
  return request
}

/** Asserts that an object was refused, and the reason that is told. */
export function refusedObject(response: HttpResponse, reason?: string): void {
  const says = reason === undefined ? undefined : `Invalid request object: ${reason}`
  refusedWith(response, 'invalid_request_object', says)
}

/** The key of alpha's key set that one encrypts to by this `alg`; of several the one of this kid. */
export async function publishedKey(w: World, alg: JweAlg): Promise<EncryptingKey> {
  const { keys } = bodyOf(await w.serve(requestOf('GET', `${base}/connect/jwk_uri`)))
  const fits = (keys as readonly JsonObject[]).filter(
    ({ use, kty }) => use === 'enc' && kty === jweAlgorithms[alg].kty,
  )
  assert.equal(fits.length, 1)
  const imported = importEncryptingKey(fits[0] as JsonObject)
  assert.ok(imported.ok)
  return imported.key
}

/** A token encrypted as other people's software does it: to alpha's key, or with the client's secret. */
export async function sealed(
  w: World,
  token: string,
  alg: JweAlg,
  enc: JweEnc,
  header: Claims = { cty: 'JWT' },
): Promise<string> {
  if (jweAlgorithms[alg].kty !== 'oct') {
    const key = await publishedKey(w, alg)
    return wrap(token, key, { kid: key.kid, ...header, alg, enc })
  }
  const key = secretEncryptionKey(longSecret, alg, enc)
  assert.ok(key.ok)
  return wrap(token, key.key, { ...header, alg, enc })
}

/** Refused at both endpoints alike: no record, no alarm, no way to any address. */
export async function refusedEverywhere(
  w: World,
  client_id: string,
  token: string,
  what = token.slice(0, 80),
): Promise<void> {
  const before = w.records.changeCount()
  const { value, events } = await withEvents(() => pushObject(w, client_id, token))
  assert.equal(value.status, 400, what)
  assert.equal(bodyOf(value).error, 'invalid_request_object', what)
  assert.deepEqual(
    events.filter(({ level }) => level === 'alarm'),
    [],
    what,
  )
  const url = authorizeUrl({ client_id, request: token })
  const visit = await browser(w).get(url, { accept: 'application/json' })
  // OIDC Core §3.1.2.6 has a word of its own for what is plainly unsigned.
  assert.match(
    String(bodyOf(visit).error),
    /^(invalid_request_object|request_not_supported)$/,
    what,
  )
  assert.equal(w.records.changeCount(), before, what)
}
