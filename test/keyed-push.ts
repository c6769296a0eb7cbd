/** Pushes that have an `Idempotency-Key`. */
import assert from 'node:assert/strict'
import type { HttpResponse } from '../src/base/http.ts'
import { openHandle, pushedHandle, storeKey } from '../src/grant/handle.ts'
import type { Shelf } from '../src/store/store.ts'
import { assertion, goodClaims, keySet, signer } from './assertion.ts'
import { elsewhere, redirect_uri, register, secret } from './register.ts'
import type { World, WorldOptions } from './world.ts'
import { base, basic, bodyOf, challenge, requestOf, world } from './world.ts'

export const es256 = await signer('ES256')

export const request = {
  response_type: 'code',
  redirect_uri,
  scope: 'openid',
  state: 'a-state-of-this-client',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

export const signing = {
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
  keys: {
    publicKeyLocation: 'jwks',
    jwkSet: keySet(es256),
    tokenEndpointAuthSigningAlgorithm: 'ES256',
  },
}

type Form = Readonly<Record<string, string>>

/** A world with clients that have a secret, `one` and `two`, and one that signs, `signs`. */
export async function prepared(options: WorldOptions = {}): Promise<World> {
  const w = await world(options)
  for (const id of ['one', 'two']) await register(w, id)
  await register(w, 'signs', signing)
  return w
}

interface Sent {
  readonly client_id?: string
  readonly text?: string
  readonly serve?: World['serve']
  readonly at?: string
}

/** Pushes with this key, or with none. */
export function pushKeyed(
  w: World,
  key: string | undefined,
  form: Form = request,
  sent: Sent = {},
): Promise<HttpResponse> {
  const { client_id = 'one', text = secret, serve = w.serve, at = base } = sent
  const basicHeader = 'client_assertion' in form ? {} : { authorization: basic(client_id, text) }
  const headers = { ...basicHeader, ...(key !== undefined && { 'idempotency-key': key }) }
  return serve(elsewhere(requestOf('POST', `${at}/par`, { form, headers })))
}

export async function assertionOf(w: World, claims = {}): Promise<string> {
  const { issuer } = await w.realm()
  return assertion(es256, { ...goodClaims('signs', issuer, w.clock.now), ...claims })
}

export async function uriOf(answer: HttpResponse | Promise<HttpResponse>): Promise<string> {
  const response = await answer
  assert.equal(response.status, 201, String(response.body))
  return String(bodyOf(response).request_uri)
}

/** Every record of pushes there is, by its key. */
export async function pushRecords({ records }: World): Promise<readonly string[]> {
  const { records: all } = await (records as Shelf).walk(10_000)
  return all.map(({ key }) => key).filter((key) => /^[0-9a-f]{32}$/.test(key))
}

export async function keyIn(w: World, request_uri: string): Promise<string> {
  const opened = openHandle(await w.realm(), 'request_uri', pushedHandle(request_uri) ?? '')
  return opened === undefined ? '' : storeKey(opened.key)
}

export const key = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'
