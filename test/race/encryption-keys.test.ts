import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { JsonObject } from '../../src/base/json.ts'
import type { EncryptingKey } from '../../src/jose/encryption/encryption-key.ts'
import { importEncryptingKey } from '../../src/jose/encryption/encryption-key.ts'
import { keySet, type Signer, signer } from '../assertion.ts'
import { bareEnvironment } from '../bare.ts'
import { wrap } from '../jwe.ts'
import { administrator, ask, oauth2, type Party, pushParameters } from '../party.ts'
import { forge } from '../token.ts'
import { type Answer, jsonOf, type Wire } from '../wire.ts'
import { basic, callback } from '../world.ts'
import { assertAllGood, underLoad } from './load.ts'
import { baseUrl, openPair, type Pair } from './pair.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const userpassword = 'S3cr3t-0f_9aQzLmXw7RvKpYcJb2NsHd6UeGi8FoBtWq0'

const party: Party = {
  client_id: 'sealing',
  proof: () => ({ headers: { authorization: basic('sealing', userpassword) } }),
}

let pair: Pair | undefined
let own: Signer

before(async () => {
  pair = await openPair()
  own = await signer('ES256')
  const administer = await administrator(pair.a)
  const answer = await administer('PUT', `/agents/OAuth2Client/${party.client_id}`, {
    coreOAuth2ClientConfig: {
      userpassword,
      redirectionUris: [callback],
      scopes: ['openid', 'profile', 'write'],
    },
    advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'client_secret_basic' },
    signEncOAuth2ClientConfig: { publicKeyLocation: 'jwks', jwkSet: keySet(own) },
  })
  jsonOf(answer, 201)
})

after(() => pair?.close())

/** The keys that a server says one encrypts to. */
async function published(w: Wire): Promise<readonly EncryptingKey[]> {
  const { keys } = jsonOf(await w.call('GET', `${oauth2}/connect/jwk_uri`))
  const meant = (keys as readonly JsonObject[]).filter(({ use }) => use === 'enc')
  return meant.map((jwk) => {
    const imported = importEncryptingKey(jwk)
    assert.ok(imported.ok)
    return imported.key
  })
}

/** A client that reads the key set for every so many objects, and takes what it has for good in between. */
function caching(uses: number): (w: Wire) => Promise<readonly EncryptingKey[]> {
  let [left, keys]: [number, readonly EncryptingKey[]] = [0, []]
  return async (w) => {
    if (left === 0) [keys, left] = [await published(w), uses]
    left -= 1
    return keys
  }
}

/** A new object, encrypted to this key. */
function sealedTo(key: EncryptingKey, named: boolean): Promise<string> {
  const alg = key.key.asymmetricKeyType === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW'
  const now = Math.floor(Date.now() / 1000)
  const { client_id } = party
  const claims = { ...pushParameters, client_id, aud: baseUrl + oauth2, nbf: now, exp: now + 60 }
  const object = forge(own.key, { alg: own.key.alg, kid: own.key.kid }, claims)
  const kid = named ? { kid: key.kid } : {}
  return wrap(object, key, { alg, enc: 'A128CBC-HS256', cty: 'JWT', ...kid })
}

/** An administrator's command, beside the servers. */
async function rotate(data: string): Promise<void> {
  const settings = { ...bareEnvironment, PARAPET_DATA: data }
  const args = [main, 'rotate-keys', '--realm', '/alpha']
  const { stdout } = await run(process.execPath, args, { env: settings, timeout: 60_000 })
  assert.equal(stdout, 'new keys to encrypt to in /alpha\n')
}

const rotations = 5

test('RFC 7517 §5, META-4 keys that clients encrypt to are replaced at two servers, under load: no request fails', {
  timeout: 120_000,
}, async (t) => {
  const { a, b, data } = pair as Pair
  const used = new Set<string | undefined>()
  let current = await published(a)
  let late = 0
  const caches = new Map<number, ReturnType<typeof caching>>()
  let count = 0
  const push = async (worker: number): Promise<Answer> => {
    count += 1
    // Some read the keys for every object, at the one server, and push it to the other at once.
    const cache = caches.get(worker) ?? caching(worker < 4 ? 1 : 2 * worker)
    caches.set(worker, cache)
    const [w, other] = count % 2 === 0 ? [a, b] : [b, a]
    const keys = await cache(w)
    const key = keys[count % 3 === 0 ? 0 : 1] as EncryptingKey
    const request = await sealedTo(key, count % 5 > 0)
    used.add(key.kid)
    if (!current.some(({ kid }) => kid === key.kid)) late += 1
    return ask(other, party, '/par', { request })
  }
  const outcomes = await underLoad(push, async (more) => {
    const allUsed = async (): Promise<void> => {
      while (!current.every(({ kid }) => used.has(kid))) await more(1)
    }
    for (let i = 0; i < rotations; i++) {
      await allUsed()
      await rotate(data)
      current = await published(a)
      assert.deepEqual(await published(b).then(kidsOf), kidsOf(current))
    }
    await allUsed()
    await more(100)
  })
  assertAllGood(outcomes)
  assert.equal(used.size, 2 * (rotations + 1), 'every generation was encrypted to')
  assert.ok(late > 20, `${late} of ${count} were encrypted to a key that had been replaced`)
  t.diagnostic(`${late} of ${count} were encrypted to a key that had been replaced`)
})

function kidsOf(keys: readonly EncryptingKey[]): readonly (string | undefined)[] {
  return keys.map(({ kid }) => kid)
}
