import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import { allowTypes, saveType } from '../../../test/details.ts'
import {
  authorizeUrl,
  codeFor,
  isConsentPage,
  isLogin,
  person,
  tokenRequest,
} from '../../../test/flow.ts'
import type { ParameterName } from '../../../test/parameter-values.ts'
import { goodValue, readValue } from '../../../test/parameter-values.ts'
import { resource } from '../../../test/resource.ts'
import { bodyOf, callback, push, pushForm, verifier, world } from '../../../test/world.ts'
import { proveRedirection } from '../../authorization/redirection.ts'
import { revalidate } from '../../authorization/revalidate.ts'
import { findClient } from '../../client/client.ts'
import { findRecord } from '../../grant/find-record.ts'
import { pushedHandle } from '../../grant/handle.ts'
import { requestIn } from '../../grant/record.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'

const w = await world()
await resource(w, goodValue('resource'))
await amend(w, 'myClient', {
  coreOAuth2ClientConfig: { redirectionUris: [callback, goodValue('redirect_uri')] },
  parapetClientConfig: { plainChallenge: true },
})
await amendRealm(w, { advancedOAuth2Config: { enableRichAuthorizationRequests: true } })
await saveType(w, { type: 'payment', displayName: ['Payment'] })
await allowTypes(w, 'myClient', ['payment'])

/** What a push of any parameter stands beside: enough for every response type. */
const usual = pushForm({ scope: 'openid profile', nonce: 'usual' })
const names = Object.keys(authorizationRequest) as ParameterName[]
const kept = names.filter((name) => authorizationRequest[name].kept !== 'no')
const notKept = names.filter((name) => authorizationRequest[name].kept === 'no')

function member(request: AuthorizationRequest, name: string): unknown {
  return Object.entries(request).find(([each]) => each === name)?.[1]
}

/** What was read, but for details, of which each is kept by itself, as it was spelled. */
function keptValue(name: ParameterName): unknown {
  return name === 'authorization_details' ? [goodValue(name).slice(1, -1)] : readValue(name)
}

async function pushOf(changes: Readonly<Record<string, string>>): Promise<string> {
  const response = await push(w, { ...usual, ...changes })
  assert.equal(response.status, 201, String(response.body))
  return String(bodyOf(response).request_uri)
}

/** What the store has of a reference, read from its bytes. */
async function stored(
  request_uri: string,
): Promise<[state: string, request: AuthorizationRequest]> {
  const found = await findRecord(await w.realm(), 'request_uri', pushedHandle(request_uri) ?? '')
  assert.ok(typeof found !== 'string')
  const request = requestIn(found.record)
  assert.ok(request !== undefined)
  return [found.record.state, request]
}

/** A visit by somebody who is logged in, to the page that asks for consent or the way to a login. */
async function visit(request_uri: string): Promise<void> {
  const page = await (await person(w)).get(authorizeUrl({ client_id: 'myClient', request_uri }))
  assert.ok(isConsentPage(page) || isLogin(page), `${page.status} ${String(page.body)}`)
}

/** RFC 9126 §4: the same request, validated once more. */
async function again(request: AuthorizationRequest): Promise<AuthorizationRequest> {
  const realm = await w.realm()
  const client = await findClient(realm, 'myClient')
  assert.ok(client !== undefined)
  return revalidate(realm, client, request, proveRedirection(realm, client, request))
}

for (const name of kept) {
  test(`RFC 9126 §4 ${name} of a push is what the store has of it, what a visit goes on with, and what is left when it is validated again`, async () => {
    const request_uri = await pushOf({ [name]: goodValue(name) })
    const [pushed, request] = await stored(request_uri)
    assert.equal(pushed, 'pushed')
    assert.deepEqual(member(request, name), keptValue(name))
    await visit(request_uri)
    assert.deepEqual(await stored(request_uri), ['opened', request])
    assert.deepEqual(await again(request), request)
  })
}

test('RFC 9126 §4 all of them at once are kept beside each other', async () => {
  const request_uri = await pushOf(Object.fromEntries(kept.map((name) => [name, goodValue(name)])))
  const [, request] = await stored(request_uri)
  for (const name of kept) assert.deepEqual(member(request, name), keptValue(name), name)
  await visit(request_uri)
  await amend(w, 'myClient', { coreOAuth2ClientConfig: { clientName: ['Another name'] } })
  await visit(request_uri)
  assert.deepEqual(await stored(request_uri), ['opened', request])
  assert.deepEqual(await again(request), request)
})

for (const name of notKept) {
  test(`C-20 ${name} is refused at a push, or nothing of it is in the store`, async () => {
    const value = name === 'id_token_hint' ? await idToken() : goodValue(name)
    const response = await push(w, { ...usual, [name]: value })
    if (response.status === 400) return
    assert.equal(response.status, 201, String(response.body))
    const [, request] = await stored(String(bodyOf(response).request_uri))
    const [, bare] = await stored(await pushOf({}))
    const proven = name === 'id_token_hint' ? { hint_sub: w.demo.sub, hint_iat: w.clock.now } : {}
    assert.deepEqual(request, { ...bare, ...proven })
  })
}

async function idToken(): Promise<string> {
  const code = await codeFor(w, { scope: 'openid' })
  const exchange = { grant_type: 'authorization_code', code, code_verifier: verifier }
  const answer = await tokenRequest(w, { ...exchange, redirect_uri: callback })
  return String(bodyOf(answer).id_token)
}
