import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  answerOf,
  codeOf,
  decideByRest,
  isLogin,
  person,
  refusedWith,
  slimUrl,
} from '../../../test/flow.ts'
import { pushed, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'

type Sections = Readonly<Record<string, JsonObject>>

const json = { accept: 'application/json' }
const bravo = { advancedOAuth2Config: { codeVerifierEnforced: 'false' } }
const noPkce = { code_challenge: undefined, code_challenge_method: undefined }

/** What an administrator changes between push and use, and what the browser or the client gets to hear. */
const changes: readonly (readonly [
  string,
  { readonly client?: Sections; readonly realm?: Sections; readonly push?: Changes },
  { readonly page: string } | { readonly answer: string },
])[] = [
  [
    'the client disabled',
    { client: { coreOAuth2ClientConfig: { status: 'Inactive' } } },
    { page: 'invalid_client' },
  ],
  [
    'the redirect URI dropped',
    { client: { coreOAuth2ClientConfig: { redirectionUris: ['https://new.example/cb'] } } },
    { page: 'redirect_uri_mismatch' },
  ],
  [
    'a scope dropped',
    { client: { coreOAuth2ClientConfig: { scopes: ['openid'] } } },
    { answer: 'invalid_scope' },
  ],
  [
    'PKCE required by the realm',
    { push: noPkce, realm: { advancedOAuth2Config: { codeVerifierEnforced: 'true' } } },
    { answer: 'invalid_request' },
  ],
  [
    'the response type dropped',
    { client: { advancedOAuth2ClientConfig: { responseTypes: ['id_token'] } } },
    { answer: 'unsupported_response_type' },
  ],
  [
    'the grant type dropped',
    { client: { advancedOAuth2ClientConfig: { grantTypes: ['implicit'] } } },
    { answer: 'unauthorized_client' },
  ],
  [
    'the grant type dropped by the realm',
    { realm: { advancedOAuth2Config: { grantTypes: ['implicit'] } } },
    { answer: 'unauthorized_client' },
  ],
  [
    'the journey taken away',
    { push: { service: 'Password' }, realm: { parapetConfig: { journeys: ['Login'] } } },
    { answer: 'invalid_request' },
  ],
  [
    'the profile raised to strict, for a client with an http redirect URI',
    {
      push: { redirect_uri: 'http://app.example/cb' },
      client: { parapetClientConfig: { profile: 'strict' } },
    },
    { page: 'invalid_request' },
  ],
]

for (const [name, { client, realm, push }, expected] of changes) {
  test(`P-11, PAR-28 ${name} between push and use: refused, nothing issued`, async () => {
    const w = await world({ alpha: bravo })
    await amend(w, 'myClient', {
      coreOAuth2ClientConfig: {
        redirectionUris: ['https://www.example.com:443/callback', 'http://app.example/cb'],
      },
    })
    const p = await person(w)
    const request_uri = await pushed(w, { state: 's', ...push })
    const writes = w.records.changeCount()
    if (client !== undefined) await amend(w, 'myClient', client)
    if (realm !== undefined) await amendRealm(w, realm)
    const form = { csrf: p.session.token, decision: 'allow' }
    const byPage = await p.get(slimUrl(request_uri), json)
    const byRest = await decideByRest(p, request_uri, form)
    assert.equal(w.records.changeCount(), writes)
    if ('page' in expected) {
      refusedWith(byPage, expected.page)
      assert.deepEqual([byRest.status, byRest.headers.location], [400, undefined])
      return
    }
    for (const response of [byPage, byRest]) {
      const answer = answerOf(response)
      assert.deepEqual([answer.get('error'), answer.get('state')], [expected.answer, 's'])
    }
  })
}

test('P-11 what changed in another direction does not hurt: the request is validated again and goes on', async () => {
  const w = await world()
  const p = await person(w)
  const asked = {
    scope: 'openid',
    state: 's',
    max_age: '600',
    acr_values: 'tin',
    prompt: 'consent',
  }
  const request_uri = await pushed(w, asked)
  await amend(w, 'myClient', { coreOAuth2ClientConfig: { clientName: ['Renamed'] } })
  await amendRealm(w, { advancedOAuth2Config: { supportedScopes: ['openid'] } })
  const page = await p.get(slimUrl(request_uri))
  assert.match(String(page.body), /Renamed/)
  const done = await decideByRest(p, request_uri)
  assert.ok(codeOf(done) !== '')
  assert.equal(answerOf(done).get('state'), 's')
})

test('P-11 a prompt or an essential acr survives the second validation', async () => {
  const loaMapping = { gold: 'Password' }
  const w = await world({ alpha: { advancedOIDCConfig: { loaMapping } } })
  const p = await person(w)
  const claims = '{"id_token":{"acr":{"essential":true,"value":"gold"}}}'
  for (const asked of [{ prompt: 'login' }, { max_age: '0' }, { scope: 'openid', claims }]) {
    const request_uri = await pushed(w, asked)
    await amend(w, 'myClient', { coreOAuth2ClientConfig: { clientName: [JSON.stringify(asked)] } })
    assert.ok(isLogin(await p.get(slimUrl(request_uri))), JSON.stringify(asked))
  }
})

test('P-11 the only redirect URI changed: the answer goes to the new one', async () => {
  const w = await world()
  const one = { coreOAuth2ClientConfig: { redirectionUris: ['https://one.example/cb'] } }
  await amend(w, 'myClient', one)
  const request_uri = await pushed(w, { redirect_uri: undefined })
  const two = { coreOAuth2ClientConfig: { redirectionUris: ['https://two.example/cb'] } }
  await amend(w, 'myClient', two)
  const done = await decideByRest(await person(w), request_uri)
  assert.match(String(done.headers.location), /^https:\/\/two\.example\/cb\?code=/)
})
