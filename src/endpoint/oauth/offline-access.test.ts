import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  authorizeUrl,
  codeOf,
  person,
  refresh,
  refusedWith,
  tokenRequest,
  tokensFor,
} from '../../../test/flow.ts'
import { redirect_uri, register, secret } from '../../../test/register.ts'
import { basic, bodyOf, challenge, verifier, world } from '../../../test/world.ts'
import { findClient } from '../../client/client.ts'

const w = await world()
const own = { authorization: basic('asks', secret) }
await register(w, 'asks', { advanced: { isConsentImplied: true } })
await register(w, 'has', {
  core: { scopes: ['openid', 'offline_access'] },
  advanced: { isConsentImplied: true },
})

/** The answer to a code exchange of a client that asks for this at /authorize. */
async function scopeFor(client_id: string, scope: string): Promise<Record<string, unknown>> {
  const p = await person(w)
  const url = authorizeUrl({
    ...{ client_id, redirect_uri, scope, response_type: 'code' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  })
  const form = { grant_type: 'authorization_code', code: codeOf(await p.get(url)), redirect_uri }
  const headers = { authorization: basic(client_id, secret) }
  const answer = await tokenRequest(w, { ...form, code_verifier: verifier }, headers)
  assert.equal(answer.status, 200, String(answer.body))
  return bodyOf(answer)
}

test('OIDC Core §11 offline_access of a client without that scope is ignored, and the answer says what is left', async () => {
  assert.equal((await scopeFor('asks', 'openid offline_access write')).scope, 'openid write')
  assert.equal((await scopeFor('has', 'openid offline_access')).scope, 'openid offline_access')
})

test('OIDC Core §11 so it is at /par, at a refresh and for a client of its own', async () => {
  assert.equal(
    (await findClient(await w.realm(), 'myClient'))?.scopeNames.has('offline_access'),
    false,
  )
  const { scope, refresh_token } = await tokensFor(w, { scope: 'openid offline_access write' })
  assert.equal(scope, 'openid write')
  const again = await refresh(w, refresh_token, { scope: 'write offline_access' })
  assert.deepEqual([again.status, bodyOf(again).scope], [200, 'write'])
  const form = { grant_type: 'client_credentials', scope: 'write offline_access' }
  assert.equal(bodyOf(await tokenRequest(w, form, own)).scope, 'write')
})

test('C-17 every other scope the client does not have is named', async () => {
  const form = { grant_type: 'client_credentials', scope: 'offline_access Offline_access' }
  refusedWith(
    await tokenRequest(w, form, own),
    'invalid_scope',
    'Unknown/invalid scope(s): [Offline_access]',
  )
})
