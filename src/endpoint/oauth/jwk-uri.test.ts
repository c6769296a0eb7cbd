import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { headerOf, tokensFor } from '../../../test/flow.ts'
import { base, bodyOf, requestOf, world } from '../../../test/world.ts'

const w = await world()
type Jwk = Readonly<Record<string, string>>

async function keys(): Promise<readonly Jwk[]> {
  const response = await w.serve(requestOf('GET', `${base}/connect/jwk_uri`))
  assert.equal(response.status, 200)
  assert.equal(response.headers['content-type'], 'application/json;charset=UTF-8')
  return bodyOf(response).keys as Jwk[]
}

test('META-4 every key says what it is for, under a kid of its own', async () => {
  const all = await keys()
  assert.equal(all.length, 6)
  assert.equal(new Set(all.map(({ kid }) => kid)).size, all.length)
  assert.equal(all.filter(({ use }) => use === 'sig').length, 4)
  assert.equal(all.filter(({ use }) => use === 'enc').length, 2)
  assert.deepEqual([...new Set(all.map(({ kty }) => kty))].sort(), ['EC', 'OKP', 'RSA'])
})

test('RFC 7517 §9.2 no private member, not one', async () => {
  const known = new Set(['kty', 'use', 'kid', 'alg', 'crv', 'x', 'y', 'n', 'e', 'x5t', 'x5c'])
  for (const key of await keys())
    for (const name of Object.keys(key)) assert.ok(known.has(name), name)
})

test('F2-30 RSA of 2048 bits or more, EC of 224 or more', async () => {
  for (const jwk of await keys()) {
    const { asymmetricKeyDetails } = createPublicKey({ key: jwk, format: 'jwk' })
    if (jwk.kty === 'RSA') assert.ok((asymmetricKeyDetails?.modulusLength ?? 0) >= 2048)
    if (jwk.kty === 'EC') assert.equal(jwk.crv, 'P-256')
  }
})

test('RFC 7517 §4.5 the kid of every token is there', async () => {
  const { id_token, access_token } = await tokensFor(w, { scope: 'openid' })
  const kids = (await keys()).map(({ kid }) => kid)
  for (const token of [id_token, access_token])
    assert.ok(kids.includes(String(headerOf(token).kid)))
})

test('X-5, H-9 GET only, nothing to sniff', async () => {
  const got = await w.serve(requestOf('GET', `${base}/connect/jwk_uri?callback=x`))
  assert.ok(String(got.body).startsWith('{"keys":['))
  assert.equal(got.headers['x-content-type-options'], 'nosniff')
  assert.equal((await w.serve(requestOf('POST', `${base}/connect/jwk_uri`))).status, 405)
})
