import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { administrator } from '../../test/administrator.ts'
import type { World } from '../../test/world.ts'
import { base, basic, bodyOf, requestOf, world } from '../../test/world.ts'
import type { HttpResponse } from '../base/http.ts'
import type { Client } from '../client/client.ts'
import { findClient } from '../client/client.ts'
import { signJwt } from '../jose/sign.ts'
import { clientHmac } from './hmac.ts'
import { readIdToken } from './id-token.ts'
import { idTokenSigning } from './signing.ts'

const secret = 'a secret of more than thirty-two bytes'

function post(w: World, path: string, form: Record<string, string>): Promise<HttpResponse> {
  const headers = { authorization: basic() }
  return w.serve(requestOf('POST', base + path, { form, headers }))
}

test('PingAM: services-configuration HS256 access tokens are the realm’s own, and verify by introspection', async () => {
  const w = await world({ alpha: { advancedOAuth2Config: { tokenSigningAlgorithm: 'HS256' } } })
  const form = { grant_type: 'client_credentials', scope: 'write' }
  const { access_token } = bodyOf(await post(w, '/access_token', form)) as { access_token: string }
  const [head = '', body = '', signature] = access_token.split('.')
  assert.equal(
    (JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string }).alg,
    'HS256',
  )
  const active = async (token: string): Promise<unknown> =>
    bodyOf(await post(w, '/introspect', { token })).active
  assert.equal(await active(access_token), true)
  const realm = await w.realm()
  for (const key of ['mySecret', realm.secret('csrf').export()]) {
    const forged = createHmac('sha256', key).update(`${head}.${body}`).digest('base64url')
    assert.notEqual(forged, signature)
    assert.equal(await active(`${head}.${body}.${forged}`), false)
  }
})

async function hsClient(w: World): Promise<Client> {
  const call = await administrator(w)
  const response = await call('PUT', '/realm-config/agents/OAuth2Client/hs', {
    coreOAuth2ClientConfig: { userpassword: secret },
    signEncOAuth2ClientConfig: { idTokenSignedResponseAlg: 'HS256' },
  })
  assert.equal(response.status, 201)
  return (await findClient(await w.realm(), 'hs')) as Client
}

test('OIDC Core §10.1 a client registered for HS256 gets ID tokens signed with its secret', async () => {
  const w = await world()
  const client = await hsClient(w)
  const { key } = await idTokenSigning(await w.realm(), client)
  assert.equal(key.alg, 'HS256')
  const jwt = await signJwt(key, { typ: 'JWT' }, { sub: 'u' })
  const [head = '', body = '', signature] = jwt.split('.')
  const expected = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')
  assert.equal(signature, expected)
})

test('OIDC Core §3.1.2.2 such an ID token is a hint for its own client only', async () => {
  const w = await world()
  const realm = await w.realm()
  const { key } = await idTokenSigning(realm, await hsClient(w))
  const of = (azp: string): string | Promise<string> =>
    signJwt(key, { typ: 'JWT' }, { sub: 'u', azp, iat: w.clock.now, tokenName: 'id_token' })
  assert.equal((await readIdToken(realm, await of('hs')))?.sub, 'u')
  assert.equal(await readIdToken(realm, await of('myClient')), undefined)
  assert.equal(await readIdToken(realm, await of('nobody')), undefined)
  assert.equal(await readIdToken(await w.realm('/bravo'), await of('hs')), undefined)
})

test('J-1 a client registered for RS256 has no HMAC key, whatever its secret', async () => {
  const w = await world()
  const client = (await findClient(await w.realm(), 'myClient')) as Client
  assert.equal(clientHmac(client, client.id_token_signed_response_alg), undefined)
  const symmetric = { ...client, secrets: [{ hash: '', symmetric: secret }] }
  assert.equal(clientHmac(symmetric, client.id_token_signed_response_alg), undefined)
})
