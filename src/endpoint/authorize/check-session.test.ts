import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser } from '../../../test/browser.ts'
import {
  account,
  answerOf,
  authorizeUrl,
  person,
  refusedWith,
  tokensFor,
} from '../../../test/flow.ts'
import { callback, world } from '../../../test/world.ts'

const app = 'https://app.example'
const w = await world({ alpha: { parapetConfig: { corsOrigins: [app] } } })
const { id_token } = await tokensFor(w, { scope: 'openid', nonce: 'n' })
const check = {
  client_id: 'myClient',
  response_type: 'none',
  prompt: 'none',
  scope: 'openid',
  id_token_hint: String(id_token),
}
const headers = { accept: 'application/json', origin: app }

test('PingAM: session check without redirect_uri: 204 while the session lives, nothing written', async () => {
  const p = await person(w)
  const writes = w.records.changeCount()
  const alive = await p.get(authorizeUrl(check), headers)
  assert.deepEqual([alive.status, alive.body, alive.headers.location], [204, '', undefined])
  assert.equal(alive.headers['access-control-allow-origin'], app)
  assert.equal(alive.headers['access-control-allow-credentials'], 'true')
  assert.equal(w.records.changeCount(), writes)
})

test('PingAM: session check: 400 in JSON when nobody is there, readable by the app', async () => {
  const over = await browser(w).get(authorizeUrl(check), headers)
  refusedWith(
    over,
    'interaction_required',
    'The request requires some interaction that is not allowed.',
  )
  assert.equal(over.headers['access-control-allow-origin'], app)
  const loud = await browser(w).get(authorizeUrl({ ...check, prompt: undefined }), headers)
  refusedWith(loud, 'login_required')
})

test('OIDC-12 session check with the hint of another user: 400', async () => {
  const p = await person(w, { user: await account(w, 'someone') })
  refusedWith(await p.get(authorizeUrl(check), headers), 'login_required')
})

test('C-28 other origins, and every other answer of this endpoint, stay unreadable', async () => {
  const p = await person(w)
  const foreign = await p.get(authorizeUrl(check), { ...headers, origin: 'https://evil.example' })
  assert.equal(foreign.status, 204)
  assert.equal(foreign.headers['access-control-allow-origin'], undefined)
  const withUri = { ...check, redirect_uri: callback }
  const code = { ...check, response_type: 'code' }
  for (const query of [withUri, code, { client_id: 'nobody' }]) {
    const response = await p.get(authorizeUrl(query), headers)
    assert.equal(response.headers['access-control-allow-origin'], undefined)
  }
})

test('PingAM: session check with redirect_uri is a plain redirect back', async () => {
  const query = authorizeUrl({ ...check, redirect_uri: callback, state: 's' })
  const alive = await (await person(w)).get(query)
  assert.deepEqual(
    [alive.status, [...answerOf(alive).keys()]],
    [302, ['iss', 'state', 'client_id']],
  )
  const over = await browser(w).get(query)
  assert.equal(answerOf(over).get('error'), 'interaction_required')
})

test('RM-4 outside ping there is no check without a redirect_uri', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const p = await person(strict)
  refusedWith(
    await p.get(authorizeUrl({ ...check, id_token_hint: undefined }), headers),
    'invalid_request',
    'Missing parameter: redirect_uri',
  )
})

test('RM-4 none goes with no other word', async () => {
  const p = await person(w)
  for (const response_type of ['none code', 'code none', 'none none']) {
    const refused = await p.get(authorizeUrl({ ...check, response_type, redirect_uri: callback }))
    assert.equal(answerOf(refused).get('error'), 'unsupported_response_type')
  }
})
