import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { refusedWith } from '../../../test/flow.ts'
import { post, redirect_uri, register } from '../../../test/register.ts'
import { base, pushForm, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { unbound } from '../../binding/binding.ts'
import { proofs } from '../../binding/proof.ts'
import { termsOffered } from '../../client/terms.ts'
import { OAuthError } from '../../protocol/error.ts'
import { proofIn } from './client-call.ts'

const w = await world()
const es256 = await signer('ES256')
await register(w, 'rp', {
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
  keys: {
    publicKeyLocation: 'jwks',
    jwkSet: keySet(es256),
    tokenEndpointAuthSigningAlgorithm: 'ES256',
  },
})

const once = (): string => assertion(es256, goodClaims('rp', base, w.clock.now))

/** Every endpoint of clients, and a form it takes from one that has proven itself. */
const calls: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['/par', pushForm({ client_id: undefined, client_secret: undefined, redirect_uri })],
  ['/access_token', { grant_type: 'client_credentials', scope: 'profile' }],
  ['/introspect', { token: 'x' }],
  ['/token/revoke', { token: 'x' }],
]

for (const [path, form] of calls) {
  const call = (client_assertion: string, headers = {}, more = {}): Promise<HttpResponse> =>
    Promise.resolve(post(w, path, { ...form, ...more, ...proof(client_assertion) }, headers))

  test(`K-4 ${path}: an assertion is good once`, async () => {
    const used = once()
    assert.ok((await call(used)).status < 300)
    refusedWith(await call(used), 'invalid_client')
  })

  test(`K-4, C-26 ${path}: an assertion beside a DPoP proof that is refused is spent`, async () => {
    const used = once()
    refusedWith(await call(used, { dpop: 'a.b.c' }), 'invalid_dpop_proof')
    refusedWith(await call(used), 'invalid_client')
  })

  test(`K-4 ${path}: an assertion beside a call that is refused is spent`, async () => {
    const used = once()
    const empty = Object.fromEntries(Object.keys(form).map((name) => [name, '']))
    const refused = await call(used, {}, empty)
    assert.ok(refused.status >= 400, String(refused.body))
    refusedWith(await call(used), 'invalid_client')
  })
}

test('RFC 6750 §1.2, RFC 7800 §3.1 a request without a proof binds to no key: a bearer token without cnf', () => {
  assert.equal(proofIn(requestOf('POST', '/par', {})), undefined)
  assert.deepEqual(unbound, { kind: 'none', token_type: 'Bearer', cnf: undefined })
  assert.ok(Object.isFrozen(unbound))
})

test('C-26 a proof of any kind that is carried is never passed over', async () => {
  const realm = await w.realm()
  assert.ok(proofs.some(({ header }) => header === 'dpop'))
  for (const { header } of proofs) {
    for (const value of ['', 'a.b.c']) {
      const http = requestOf('POST', '/par', { headers: { [header]: value } })
      const proven = async () => proofIn(http)?.prove(realm, http, { terms: termsOffered(realm) })
      await assert.rejects(proven, OAuthError, `${header}: ${value}`)
    }
  }
})
