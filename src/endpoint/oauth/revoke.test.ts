import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  codeFor,
  decideByRest,
  person,
  publicTokens,
  redeem,
  refresh,
  refusedWith,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { post, postAs, register } from '../../../test/register.ts'
import { base, basic, bodyOf, pushed, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
await register(w, 'thief')

function revoke(token: unknown, more: Record<string, string> = {}): Promise<HttpResponse> {
  const form = { token: String(token), ...more }
  return post(w, '/token/revoke', form, { authorization: basic() })
}

function done(response: HttpResponse): void {
  assert.deepEqual([response.status, response.body], [200, '{}'])
}

async function lives(access_token: unknown): Promise<boolean> {
  return (await withToken(w, '/userinfo', access_token)).status === 200
}

test('REV-1, REV-4, REV-5 a refresh token ends the grant with all its access tokens, at once', async () => {
  const one = await tokensFor(w, { scope: 'openid' })
  const two = bodyOf(await refresh(w, one.refresh_token))
  done(await revoke(two.refresh_token))
  assert.equal((await lives(one.access_token)) || (await lives(two.access_token)), false)
  refusedWith(await refresh(w, two.refresh_token), 'invalid_grant', 'grant is invalid')
  done(await revoke(two.refresh_token))
})

test('REV-5 a rotated refresh token ends the grant too', async () => {
  const one = await tokensFor(w, { scope: 'openid' })
  const two = bodyOf(await refresh(w, one.refresh_token))
  done(await revoke(one.refresh_token))
  assert.equal(await lives(two.access_token), false)
})

test('REV-1 an access token ends alone', async () => {
  const one = await tokensFor(w, { scope: 'openid' })
  const two = bodyOf(await refresh(w, one.refresh_token))
  done(await revoke(one.access_token))
  assert.equal(await lives(one.access_token), false)
  assert.equal(await lives(two.access_token), true)
  assert.equal((await refresh(w, two.refresh_token)).status, 200)
})

test('REV-6 the hint does not matter, right, wrong or unknown', async () => {
  for (const token_type_hint of ['access_token', 'refresh_token', 'nonsense', 'constructor']) {
    const { access_token, refresh_token } = await tokensFor(w, { scope: 'openid' })
    done(await revoke(access_token, { token_type_hint }))
    assert.equal(await lives(access_token), false)
    done(await revoke(refresh_token, { token_type_hint }))
    refusedWith(await refresh(w, refresh_token), 'invalid_grant')
  }
})

test('REV-7 what is no token: 200 and no effect', async () => {
  const writes = w.records.changeCount()
  for (const token of ['x', 'a.b.c', 'A'.repeat(43), 'A'.repeat(48), '%00'])
    done(await revoke(token))
  assert.equal(w.records.changeCount(), writes)
})

test('T-7 a code, an ID token and a request_uri are not revoked here: 200 and no effect', async () => {
  const code = await codeFor(w, { scope: 'openid' })
  done(await revoke(code))
  const { id_token, access_token } = bodyOf(await redeem(w, code))
  done(await revoke(id_token))
  assert.equal(await lives(access_token), true)
  const request_uri = await pushed(w)
  done(await revoke(request_uri))
  assert.equal((await decideByRest(await person(w), request_uri)).status, 302)
})

test('REV-3, T-7 the token of another client: no effect', async () => {
  const { access_token, refresh_token } = await tokensFor(w, { scope: 'openid' })
  for (const token of [String(access_token), String(refresh_token)]) {
    done(await postAs(w, 'thief', '/token/revoke', { token }))
    done(await post(w, '/token/revoke', { token, client_id: 'myPublicClient' }))
  }
  assert.equal(await lives(access_token), true)
  assert.equal((await refresh(w, refresh_token)).status, 200)
})

test('P-2 in another realm: no effect', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid' })
  const there = requestOf('POST', `${base.replace('alpha', 'bravo')}/token/revoke`, {
    headers: { authorization: basic() },
    form: { token: String(access_token) },
  })
  done(await w.serve(there))
  assert.equal(await lives(access_token), true)
})

test('PingAM: an SDK revokes as a public client, by client_id and token', async () => {
  const { access_token, refresh_token } = await publicTokens(w, { scope: 'openid' })
  const form = { client_id: 'myPublicClient', token: String(refresh_token) }
  done(await post(w, '/token/revoke', form))
  assert.equal(await lives(access_token), false)
})

test('PingAM: token-revoke who does not prove itself is refused with 400, by header or in the body, known or not', async () => {
  const { access_token } = await tokensFor(w, { scope: 'openid' })
  const token = String(access_token)
  const body = { token, client_id: 'myClient', client_secret: 'no' }
  refusedWith(
    await post(w, '/token/revoke', body),
    'invalid_client',
    'Client authentication failed',
  )
  for (const client_id of ['myClient', 'nobody']) {
    const answer = await post(
      w,
      '/token/revoke',
      { token },
      { authorization: basic(client_id, 'no') },
    )
    refusedWith(answer, 'invalid_client', 'Client authentication failed')
    assert.equal(answer.headers['www-authenticate'], undefined)
    const inBody = { token, client_id, client_secret: 'no' }
    refusedWith(await post(w, '/token/revoke', inBody), 'invalid_client')
  }
  refusedWith(await post(w, '/token/revoke', { token }), 'invalid_client')
  assert.equal(await lives(access_token), true)
})

test('REV-3, C-23 elsewhere than in ping it is 401, with a challenge where the header was used', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const form = { token: 'x' }
  const byHeader = await post(strict, '/token/revoke', form, {
    authorization: basic('nobody', 'x'),
  })
  refusedWith(byHeader, 'invalid_client', undefined, 401)
  assert.equal(byHeader.headers['www-authenticate'], 'Basic realm="/alpha"')
  refusedWith(
    await post(strict, '/token/revoke', { ...form, client_id: 'nobody' }),
    'invalid_client',
    undefined,
    401,
  )
})

test('REV-2 POST only; the token must be there, once', async () => {
  assert.equal((await w.serve(requestOf('GET', `${base}/token/revoke?token=x`))).status, 405)
  const headers = { authorization: basic() }
  refusedWith(
    await post(w, '/token/revoke', {}, headers),
    'invalid_request',
    'Missing parameters: token',
  )
  refusedWith(await post(w, '/token/revoke', 'token=a&token=b', headers), 'invalid_request')
})
