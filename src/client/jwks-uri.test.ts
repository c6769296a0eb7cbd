import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Signer } from '../../test/assertion.ts'
import { assertion, goodClaims, keySet, proof, signer } from '../../test/assertion.ts'
import { withEvents } from '../../test/events.ts'
import {
  allowing,
  answers,
  asked,
  es256,
  host,
  port,
  publishes,
  statusOf,
  w,
} from '../../test/key-site.ts'
import { post, postAs, redirect_uri, register } from '../../test/register.ts'
import { challenge } from '../../test/world.ts'

const newer = await signer('ES256')

for (const alg of ['ES256', 'PS256', 'RS256', 'EdDSA'] as const) {
  test(`K-12, C-11 private_key_jwt with ${alg} by jwks_uri, fetched once`, async () => {
    const by = await signer(alg)
    const path = await publishes(alg, keySet(by), { tokenEndpointAuthSigningAlgorithm: alg })
    for (let i = 0; i < 3; i++) assert.equal(await statusOf(alg, by), 201)
    assert.equal(asked.get(path), 1)
  })
}

test('K-12 what one server of a process was told under an address serves no other', async () => {
  const path = await publishes('shared', keySet(es256))
  assert.equal(await statusOf('shared', es256), 201)
  const other = await allowing(host)
  await publishes('shared', '', { jwksUri: `http://${host}${path}` }, other)
  answers.set(path, (_, response) => response.end(keySet(newer)))
  assert.equal(await statusOf('shared', newer, other), 201)
  assert.equal(await statusOf('shared', es256, other), 400)
})

test('S-1 an address that is not public is not asked, unless the realm lists it with its port', async () => {
  for (const list of [[], ['127.0.0.1'], [`127.0.0.1:${port + 1}`], [`localhost:${port}`]]) {
    const closed = await allowing(...list)
    const path = await publishes('closed', keySet(es256), {}, closed)
    const { value, events } = await withEvents(() => statusOf('closed', es256, closed))
    assert.equal(value, 400)
    assert.equal(asked.get(path), undefined)
    const told = events.find(({ name }) => name === 'client.keys_not_fetched')
    assert.match(String(told?.fields.reason), /not public/)
  }
})

const ownPorts: [jwksUri: string, listed: string, asked: boolean][] = [
  ['https://127.0.0.1/a', '127.0.0.1:443', true],
  ['https://127.0.0.1/b', '127.0.0.1:4430', false],
  ['http://[::1]/a', '[::1]:80', true],
  ['http://[::1]/b', '[::1]:443', false],
]
for (const [jwksUri, listed, isAsked] of ownPorts) {
  test(`S-1 ${jwksUri} is ${isAsked ? '' : 'not '}what ${listed} lists`, async () => {
    const ported = await allowing(listed)
    await publishes('ported', '', { jwksUri }, ported)
    const { events } = await withEvents(() => statusOf('ported', es256, ported))
    const told = events.find(({ name }) => name === 'client.keys_not_fetched')
    assert.equal(/not public/.test(String(told?.fields.reason)), !isAsked)
  })
}

test('S-2 one fetch is in flight, however many ask', async () => {
  const path = await publishes('busy', (_, response) => {
    setTimeout(() => response.end(keySet(es256)), 50)
  })
  const all = await Promise.all(Array.from({ length: 20 }, () => statusOf('busy')))
  assert.ok(all.every((status) => status === 201))
  assert.equal(asked.get(path), 1)
})

test('S-2 a failure is remembered for 5 seconds, then asked again', async () => {
  let works = false
  const path = await publishes('failing', (_, response) => {
    response.writeHead(works ? 200 : 500).end(keySet(es256))
  })
  for (let i = 0; i < 5; i++) assert.equal(await statusOf('failing'), 400)
  assert.equal(asked.get(path), 1)
  works = true
  w.clock.now += 4
  assert.equal(await statusOf('failing'), 400)
  w.clock.now += 1
  assert.equal(await statusOf('failing'), 201)
  assert.equal(asked.get(path), 2)
})

const useless: [name: string, body: string][] = [
  ['nothing', ''],
  ['no JSON', '<html>'],
  ['no set', '[]'],
  ['a private key', JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] })],
  ['more than 64 KiB', `{"keys":[],"x":"${'x'.repeat(66_000)}"}`],
  ['one member twice', '{"keys":[],"keys":[]}'],
  ['depth', '['.repeat(5000)],
]
for (const [name, body] of useless) {
  test(`S-2 ${name} is no key set: invalid_client, no 5xx`, async () => {
    await publishes(name, body)
    assert.equal(await statusOf(name), 400)
  })
}

test('S-2 a server that never answers holds up its own client for 2 seconds, others not at all', {
  timeout: 30_000,
}, async (t) => {
  const { promise: came, resolve } = Promise.withResolvers<void>()
  await publishes('mute', () => resolve())
  await publishes('quick', keySet(es256))
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let ended = false
  const slow = statusOf('mute').finally(() => {
    ended = true
  })
  await came
  t.mock.timers.tick(1999)
  assert.equal(await statusOf('quick'), 201)
  assert.equal(ended, false)
  t.mock.timers.tick(1)
  assert.equal(await slow, 400)
})

test('P-11 a rotated key: an unknown kid asks again at once, but not twice a minute', async () => {
  let set = keySet(es256)
  const path = await publishes('rotating', (_, response) => response.end(set))
  assert.equal(await statusOf('rotating'), 201)
  set = keySet(newer)
  assert.equal(await statusOf('rotating', newer), 201)
  assert.equal(asked.get(path), 2)
  assert.equal(await statusOf('rotating'), 400, 'the old key is no longer published')
  const newest = await signer('ES256')
  set = keySet(newest)
  assert.equal(await statusOf('rotating', newest), 400)
  assert.equal(asked.get(path), 2, 'too early')
  w.clock.now += 60
  assert.equal(await statusOf('rotating', newest), 201)
  assert.equal(asked.get(path), 3)
})

const renamed: [how: string, kid: string | undefined][] = [
  ['under the old kid', 'same'],
  ['without any kid', undefined],
]
for (const [how, kid] of renamed) {
  test(`P-11 a key that is changed ${how} is asked for once it does not fit`, async () => {
    const named = (by: Signer): Signer => ({
      key: { ...by.key, kid },
      jwk: { ...by.jwk, ...(kid === undefined ? { kid: undefined as never } : { kid }) },
    })
    let set = keySet(named(es256))
    const path = await publishes(how, (_, response) => response.end(set))
    assert.equal(await statusOf(how, named(es256)), 201)
    set = keySet(named(newer))
    assert.equal(await statusOf(how, named(newer)), 201)
    assert.equal(asked.get(path), 2)
    for (let i = 0; i < 5; i++) assert.equal(await statusOf(how, named(es256)), 400)
    assert.equal(asked.get(path), 2, 'wrong signatures cause no flood')
  })
}

test('P-11 a request object signed with a key that is changed under the old kid is verified', async () => {
  let set = keySet(es256)
  const path = await publishes('object', (_, response) => response.end(set))
  const jwksUri = `http://${host}${path}`
  await register(w, 'object', { keys: { jwksUri } })
  const { issuer } = await w.realm()
  const claims = { iss: 'object', aud: issuer, client_id: 'object', response_type: 'code' }
  const asks = { ...claims, redirect_uri, scope: 'openid', code_challenge: challenge }
  const signed = async (by: Signer): Promise<number> => {
    const request = assertion(by, { ...asks, code_challenge_method: 'S256' })
    return (await postAs(w, 'object', '/par', { client_id: 'object', request })).status
  }
  assert.equal(await signed(es256), 201)
  set = keySet({ ...newer, jwk: { ...newer.jwk, kid: es256.key.kid ?? '' } })
  const same = { ...newer, key: { ...newer.key, kid: es256.key.kid } }
  assert.equal(await signed(same), 201)
})

test('P-11 a key published a minute before its use is never refused, whatever strangers send', async () => {
  let set = keySet(es256)
  await publishes('attacked', (_, response) => response.end(set))
  assert.equal(await statusOf('attacked'), 201)
  const stranger = await signer('ES256')
  set = keySet(es256, newer)
  for (let second = 0; second < 60; second++) {
    assert.equal(await statusOf('attacked', stranger), 400)
    w.clock.now += 1
  }
  assert.equal(await statusOf('attacked', newer), 201)
})

test('S-2 one fetch is in flight for want of a key too, and all who wait have its answer', async () => {
  let set = keySet(es256)
  const path = await publishes('crowded', (_, response) => {
    setTimeout(() => response.end(set), 50)
  })
  assert.equal(await statusOf('crowded'), 201)
  set = keySet(newer)
  const all = await Promise.all(Array.from({ length: 20 }, () => statusOf('crowded', newer)))
  assert.deepEqual([...new Set(all)], [201])
  assert.equal(asked.get(path), 2)
})

test('J-10 unknown key ids cause no flood of fetches', async () => {
  const path = await publishes('flooded', keySet(es256))
  assert.equal(await statusOf('flooded'), 201)
  for (let i = 0; i < 20; i++) {
    const stranger = { ...es256, key: { ...es256.key, kid: `../${i}\0` } }
    assert.equal(await statusOf('flooded', stranger), 400)
  }
  assert.equal(asked.get(path), 2)
})

test('PingAM: jwksCacheTimeout: keys are fetched again in time, and kept while that fails', async () => {
  let works = true
  const path = await publishes(
    'timed',
    (_, response) => {
      if (works) response.end(keySet(es256))
      else response.destroy()
    },
    { jwksCacheTimeout: 120_000 },
  )
  assert.equal(await statusOf('timed'), 201)
  w.clock.now += 119
  assert.equal(await statusOf('timed'), 201)
  assert.equal(asked.get(path), 1)
  w.clock.now += 1
  works = false
  assert.equal(await statusOf('timed'), 201)
  assert.equal(asked.get(path), 2)
})

test('J-4 keys and addresses that the header names are never looked at', async () => {
  await publishes('headed', keySet(es256))
  const mallory = await signer('ES256')
  const before = [...asked.values()].reduce((a, b) => a + b, 0)
  const realm = await w.realm()
  answers.set('/mallory', (_, response) => response.end(keySet(mallory)))
  const jku = `http://${host}/mallory`
  for (const header of [{ jwk: mallory.jwk }, { jku }, { x5u: jku }, { kid: undefined, jku }]) {
    const claims = goodClaims('headed', realm.issuer, w.clock.now)
    const response = await post(w, '/par', proof(assertion(mallory, claims, header)))
    assert.equal(response.status, 400)
  }
  assert.equal(asked.get('/mallory'), undefined)
  assert.ok([...asked.values()].reduce((a, b) => a + b, 0) <= before + 2)
})
