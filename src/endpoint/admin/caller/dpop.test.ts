import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { callWith } from '../../../../test/administrator.ts'
import { proofKey, proofOf } from '../../../../test/dpop.ts'
import {
  accountAssertion,
  askByAssertion,
  serviceAccount,
  tokenUrl,
} from '../../../../test/service-account.ts'
import { bodyOf, origin, world } from '../../../../test/world.ts'

const w = await world()
const key = await proofKey()
const account = await serviceAccount(w, ['fr:am:*'])
const url = `${origin}/am/json/realms/root/realms/alpha/realm-config/services/oauth-oidc`

const proof = (htm: string, htu: string, more = {}): string =>
  proofOf(key, { htm, htu, iat: w.clock.now, ...more })

const ask = (dpop: string) =>
  askByAssertion(w, accountAssertion(w, account), { scope: 'fr:am:*' }, tokenUrl, { dpop })

test('DPOP-12, DPOP-21, K-9 a service account’s token that is tied to a key administers with a proof of it, once each', async () => {
  const used = proof('POST', tokenUrl)
  const { access_token, token_type } = bodyOf(await ask(used))
  assert.equal(token_type, 'DPoP')
  assert.equal(bodyOf(await ask(used)).error, 'invalid_dpop_proof')
  const token = String(access_token)
  const ath = hash('sha256', token, 'base64url')
  const administer = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await callWith(w, headers)('GET', url)).status
  const tied = { authorization: `DPoP ${token}`, dpop: proof('GET', url, { ath }) }
  assert.equal(await administer(tied), 200)
  assert.equal(await administer(tied), 401)
  const fresh = { dpop: proof('GET', url, { ath }) }
  assert.equal(await administer({ ...fresh, authorization: `Bearer ${token}` }), 401)
  assert.equal(await administer({ authorization: `Bearer ${token}` }), 401)
  assert.equal(await administer({ authorization: `DPoP ${token}` }), 401)
  assert.equal(await administer({ ...fresh, authorization: `DPoP ${token}` }), 200)
})
