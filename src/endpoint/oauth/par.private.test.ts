import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { withEvents } from '../../../test/events.ts'
import { person } from '../../../test/flow.ts'
import { post, postAs, redirect_uri, register } from '../../../test/register.ts'
import { base, basic, challenge, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { authorizationRequest, keptAsSent } from '../../protocol/authorization-request.ts'

const w = await world()
const es256 = await signer('ES256')
await register(w, 'one')
await register(w, 'signs', {
  advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
  keys: {
    publicKeyLocation: 'jwks',
    jwkSet: keySet(es256),
    tokenEndpointAuthSigningAlgorithm: 'ES256',
  },
})

const marker = 'm4rk3r'
const good: Readonly<Record<string, string>> = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** What is kept as it was sent, but for `service`, which names a journey there is; a thumbprint is of one length. */
const sentMarkers = Object.fromEntries(
  keptAsSent.filter((name) => name !== 'service').map((name) => [name, marker]),
)
sentMarkers.dpop_jkt = marker.padEnd(43, '-')

/** Runs a request and sees that no event says anything of the marker. */
async function keepsQuiet(run: () => Promise<HttpResponse>): Promise<HttpResponse> {
  const { value, events } = await withEvents(run)
  assert.ok(events.length > 0)
  assert.doesNotMatch(JSON.stringify(events), new RegExp(marker, 'i'))
  return value
}

test('P-1 a push that is accepted says nothing of its values in events or headers', async () => {
  const form = {
    ...good,
    ...sentMarkers,
    claims: `{"userinfo":{"${marker}":{"value":"${marker}"}}}`,
    acr_values: marker,
    csrf: marker,
    decision: marker,
    save_consent: marker,
    unknown: marker,
    [marker]: marker,
  }
  const response = await keepsQuiet(() => postAs(w, 'one', '/par', form))
  assert.equal(response.status, 201)
  assert.doesNotMatch(JSON.stringify(response.headers), new RegExp(marker))
})

const spoiled = [marker, `${marker}\0`, `{"${marker}`, `"${marker}"`, `none ${marker}`]

for (const name of Object.keys(authorizationRequest)) {
  test(`P-1 a bad ${name} is not told in events, pushed or not`, async () => {
    const someone = await person(w)
    for (const value of spoiled) {
      const form = { ...good, [name]: value }
      await keepsQuiet(() => postAs(w, 'one', '/par', form))
      const url = `${base}/authorize?client_id=one&${new URLSearchParams(form)}`
      await keepsQuiet(() => someone.get(url))
    }
    const twice = `${new URLSearchParams(good)}&${name}=${marker}&${name}=${marker}`
    await keepsQuiet(() => postAs(w, 'one', '/par', twice))
    const long = `${new URLSearchParams(good)}&${name}=${marker.repeat(11_000)}`
    await keepsQuiet(() => postAs(w, 'one', '/par', long))
  })
}

const lost = [
  marker,
  `${marker}&${marker}`,
  `${marker}=1&${marker}=2`,
  `${marker}%`,
  `${marker}%=x`,
  `${marker.repeat(100)}=x`,
  `=${marker}&=${marker}`,
]
for (const body of lost) {
  test(`P-1 a value that lost its name is not told: ${body.slice(0, 30)}`, async () => {
    await keepsQuiet(() => postAs(w, 'one', '/par', body))
    await keepsQuiet(() => postAs(w, 'one', '/par', `${new URLSearchParams(good)}&${body}`))
  })
}

test('S-4 secrets and assertions, right or wrong, are not told', async () => {
  const { issuer } = await w.realm()
  const claims = { ...goodClaims('signs', issuer, w.clock.now), jti: marker }
  const text = assertion(es256, claims)
  const assertions = [text, text, `${text}${marker}`, `${marker}.${marker}.${marker}`, marker]
  for (const each of assertions) {
    await keepsQuiet(() => post(w, '/par', { ...good, client_id: 'signs', ...proof(each) }))
  }
  for (const [name, value] of Object.entries({
    iss: marker,
    aud: marker,
    exp: marker,
    nonce: marker,
  })) {
    const wrong = assertion(es256, { ...claims, [name]: value })
    await keepsQuiet(() => post(w, '/par', { ...good, ...proof(wrong) }))
  }
  const form = { ...good, client_id: 'one', client_secret: marker }
  await keepsQuiet(() => post(w, '/par', form))
  await keepsQuiet(() => post(w, '/par', good, { authorization: basic('one', marker) }))
  await keepsQuiet(() => post(w, '/par', good, { authorization: `Bearer ${marker}` }))
  const query = `${base}/par?client_secret=${marker}`
  await keepsQuiet(() => post(w, query, good))
  await keepsQuiet(() => w.serve(requestOf('GET', query)))
})

test('S-4 an id that nobody has is told in bounds', async () => {
  const client_id = 'i'.repeat(60_000)
  const { events } = await withEvents(() => post(w, '/par', { ...good, client_id }))
  assert.ok(JSON.stringify(events).length < 2000)
})

test('H-6, P-18 an id of any length or kind names nobody, and cannot be mistaken for another', async () => {
  const ids = [
    'i'.repeat(257),
    'ü'.repeat(256),
    '%',
    '../one',
    'one/',
    'one\0',
    'o%6ee',
    '\ufeffone',
  ]
  for (const client_id of ids) {
    const response = await post(w, '/par', { ...good, client_id, client_secret: 'x' })
    assert.equal(response.status, 400)
    assert.match(String(response.body), /invalid_client/)
  }
})
