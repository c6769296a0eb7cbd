/** Answers that are JWTs, opened with the library that clients use and with nothing of the server's. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import type { JWK, JWTPayload } from 'jose'
import { compactDecrypt, createLocalJWKSet, jwtVerify } from 'jose'
import type { HttpResponse } from '../src/base/http.ts'
import type { Json, JsonObject } from '../src/base/json.ts'
import { readClient, saveClient } from '../src/client/registration.ts'
import { hashSecret } from '../src/client/stored-secret.ts'
import type { JweAlg, JweEnc } from '../src/jose/algorithm.ts'
import { jweAlgorithms, jweEncryptions } from '../src/jose/algorithm.ts'
import { generateEncryptionKey } from '../src/jose/generate.ts'
import { publicJwk } from '../src/jose/jwk.ts'
import { amend } from './amend.ts'
import type { Browser } from './browser.ts'
import { actionOf, fieldsOf, locationOf } from './browser.ts'
import type { Changes } from './flow.ts'
import { answerOf, slimUrl } from './flow.ts'
import type { Apart } from './register.ts'
import { postAs, redirect_uri, register, secret } from './register.ts'
import type { World } from './world.ts'
import { base, bodyOf, pushForm, requestOf } from './world.ts'

/** Private keys of a client that others encrypt to, one of each kind; made once. */
export const privateJwks: readonly JsonObject[] = await Promise.all(
  (['RSA', 'P-256'] as const).map(async (kind) => (await generateEncryptionKey(kind)).privateJwk),
)

/** What that client publishes. */
export const publicKeys: string = JSON.stringify({ keys: privateJwks.map(publicJwk) })

/** A secret long enough for every algorithm. */
const readerSecret: string = secret + secret

/** Registers a client with those keys, and with `readerSecret` kept as a key beside `secret`. */
export async function registerReader(
  w: World,
  client_id: string,
  { keys, ...apart }: Apart = {},
): Promise<void> {
  const own = { publicKeyLocation: 'jwks', jwkSet: publicKeys, ...keys }
  await register(w, client_id, { ...apart, keys: own })
  const realm = await w.realm()
  const stored = await readClient(realm, client_id)
  assert.ok(stored !== undefined)
  const [before] = stored.record.secrets
  const kept = await hashSecret(realm, readerSecret, true)
  const secrets = before === undefined ? [kept] : [kept, { ...before, until: 2 ** 40 }]
  await saveClient(realm, { ...stored.record, secrets })
}

/** OIDC Core §10.2, in the test's own words. */
function secretBits(alg: JweAlg, enc: JweEnc): Uint8Array {
  const bits = alg === 'dir' ? jweEncryptions[enc].keyBits : jweAlgorithms[alg].wrapBits
  const digest = bits <= 256 ? 'sha256' : bits <= 384 ? 'sha384' : 'sha512'
  return hash(digest, readerSecret, 'buffer').subarray(0, bits / 8)
}

/** An answer, decrypted and verified as its client would. */
export interface Opened {
  readonly claims: JWTPayload
  readonly header: { readonly alg: string; readonly typ?: string | undefined }
  /** The header of the JWE around it. */
  readonly jwe: JsonObject | undefined
}

/** What is in a JWE that is for the client, by the key its header names or the one given; or what is no JWE. */
export async function decrypted(
  token: string,
  by?: JsonObject,
): Promise<{ readonly text: string; readonly jwe: JsonObject | undefined }> {
  if (token.split('.').length !== 5) return { text: token, jwe: undefined }
  const head = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()
  const { alg, enc, kid } = JSON.parse(head) as { alg: JweAlg; enc: JweEnc; kid?: string }
  const pair = by ?? privateJwks.find((each) => each.kid === kid)
  if (jweAlgorithms[alg].kty !== 'oct') assert.ok(pair !== undefined, 'the kid is the client’s')
  const key = pair === undefined ? secretBits(alg, enc) : { ...pair, alg }
  const { plaintext, protectedHeader } = await compactDecrypt(token, key)
  const { epk: _, ...jwe } = protectedHeader
  return { text: Buffer.from(plaintext).toString(), jwe: jwe as JsonObject }
}

/** Opens an answer of alpha for a client; fails where anything about it is wrong. */
export async function openedAnswer(w: World, client_id: string, token: string): Promise<Opened> {
  const { text: jws, jwe } = await decrypted(token)
  const rules = {
    issuer: base,
    audience: client_id,
    currentDate: new Date(w.clock.now * 1000),
    clockTolerance: 0,
  }
  const head = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString()) as {
    readonly alg: string
  }
  const { payload, protectedHeader } = head.alg.startsWith('HS')
    ? await jwtVerify(jws, Buffer.from(readerSecret), rules)
    : await jwtVerify(jws, await keysOf(w), rules)
  return { claims: payload, header: protectedHeader, jwe }
}

/** By `kid`: the library takes `EdDSA` and `Ed25519` for two algorithms, which one key serves here (C-11). */
async function keysOf(w: World): Promise<ReturnType<typeof createLocalJWKSet>> {
  const set = bodyOf(await w.serve(requestOf('GET', `${base}/connect/jwk_uri`))) as {
    readonly keys: readonly JWK[]
  }
  const unnamed = (key: JWK): JWK =>
    Object.fromEntries(Object.entries(key).filter(([name]) => name !== 'alg')) as JWK
  return createLocalJWKSet({ keys: set.keys.map(unnamed) })
}

/** The one parameter of an answer, and where it stood. */
export function responseIn(answer: HttpResponse): {
  readonly place: string
  readonly response: string
} {
  if (answer.status === 200) {
    assert.equal(actionOf(answer), redirect_uri)
    const { response, ...rest } = fieldsOf(answer)
    assert.deepEqual(Object.keys(rest), [])
    return { place: 'form', response: String(response) }
  }
  const { search, hash: fragment } = locationOf(answer)
  assert.ok(String(answer.headers.location).startsWith(redirect_uri), String(answer.body))
  assert.ok(search === '' || fragment === '')
  const parameters = answerOf(answer)
  assert.deepEqual([...parameters.keys()], ['response'])
  return {
    place: fragment === '' ? 'query' : 'fragment',
    response: parameters.get('response') ?? '',
  }
}

/** What the tests of answers in a JWT ask for; the client is `reader`, whose users are not asked. */
export const usual: Changes = {
  redirect_uri,
  scope: 'openid',
  nonce: 'n',
  state: 's~._-',
  client_id: 'reader',
}

/** Sets how that client's answers are made. */
export function made(w: World, keys: Readonly<Record<string, Json>>): Promise<void> {
  return amend(w, 'reader', { signEncOAuth2ClientConfig: keys })
}

/** Pushes as that client, or as another one, and opens the request; gives the answer. */
export async function answered(w: World, by: Browser, changes: Changes): Promise<HttpResponse> {
  const form = pushForm({ ...usual, ...changes })
  const { client_id = '' } = form
  const pushed = await postAs(w, client_id, '/par', form)
  assert.equal(pushed.status, 201, String(pushed.body))
  return by.get(slimUrl(String(bodyOf(pushed).request_uri), { client_id }))
}
