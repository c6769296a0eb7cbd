import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../test/assertion.ts'
import { withEvents } from '../../test/events.ts'
import { post, redirect_uri, register, secret } from '../../test/register.ts'
import { base, basic, bodyOf, challenge, requestOf, world } from '../../test/world.ts'
import { requireRegisteredMethod } from './authenticate.ts'
import { findClient } from './client.ts'

const w = await world()
const { issuer } = await w.realm()
const es256 = await signer('ES256')
await register(w, 'one')
await register(w, 'two')
for (const profile of ['ping', 'strict', 'fapi2']) {
  await register(w, profile, {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(es256),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
    },
    own: { profile },
  })
}

const form = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

const statuses: [client_id: string, status: number][] = [
  ['ping', 400],
  ['strict', 401],
  ['fapi2', 401],
  ['nobody', 400],
]
const another = assertion(es256, goodClaims('one', issuer, w.clock.now))
const nameless = assertion(es256, { aud: issuer, exp: w.clock.now + 60 })
for (const [client_id, status] of statuses) {
  test(`C-23 ${client_id}: an assertion that does not name the client of its client_id is ${status}`, async () => {
    for (const text of ['', 'a', 'a.b.c', '....', nameless, another]) {
      const answer = await post(w, '/par', { ...form, ...proof(text), client_id })
      assert.deepEqual([answer.status, bodyOf(answer).error], [status, 'invalid_client'], text)
    }
  })
}

const mismatches: [
  what: string,
  sent: Parameters<typeof requestOf>[2],
  client_id: string | undefined,
  reason: string,
][] = [
  [
    'another method',
    { form: { ...form, scope: 'openid', client_id: 'one', client_secret: secret } },
    'one',
    "client_secret_post is not the client's method",
  ],
  [
    'two methods',
    {
      form: { client_id: 'one', client_secret: secret },
      headers: { authorization: basic('one', secret) },
    },
    undefined,
    'two methods',
  ],
  [
    'ids that do not agree',
    { form: { client_id: 'two' }, headers: { authorization: basic('one', secret) } },
    'two',
    'client_id does not agree with the credentials',
  ],
  [
    'credentials without a name',
    { headers: { authorization: 'Basic ::' }, form: {} },
    undefined,
    'client_secret_basic names no client',
  ],
]
for (const [what, sent, client_id, reason] of mismatches) {
  test(`the log says client.refused of ${what}, and why`, async () => {
    const { events } = await withEvents(() => w.serve(requestOf('POST', `${base}/par`, sent)))
    const refused = events.filter(({ name }) => name === 'client.refused')
    assert.deepEqual(
      refused.map(({ level, fields }) => [level, fields.client_id, fields.reason]),
      [['warn', client_id, reason]],
    )
  })
}

test('the log says client.refused where the method turns out wrong by the scope of a request object or a grant', async () => {
  const realm = await w.realm()
  const client = await findClient(realm, 'one')
  assert.ok(client)
  const { events } = await withEvents(async () => {
    assert.throws(() =>
      requireRegisteredMethod(realm, { client, method: 'client_secret_post' }, ['openid']),
    )
  })
  assert.deepEqual(
    events.map(({ name, fields }) => [name, fields.client_id]),
    [['client.refused', 'one']],
  )
})
