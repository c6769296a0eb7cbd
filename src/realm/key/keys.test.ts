import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../../store/memory/memory.ts'
import type { Store } from '../../store/store.ts'
import { readKeys, signingKey } from './keys.ts'
import { createKeys } from './made-keys.ts'
import { signingAlgorithms } from './stored-key.ts'

/** A view of a shelf that answers late, as another process's would. */
function slow(store: Store): Store {
  const later = () => new Promise<void>((resolve) => setTimeout(resolve, 5))
  return {
    ...store,
    get: async (key) => {
      await later()
      return store.get(key)
    },
    insert: async (key, value, expiry, mark) => {
      await later()
      return store.insert(key, value, expiry, mark)
    },
  }
}

test('RFC 7517 §5 a realm has a signing key for each algorithm and one of each kind to encrypt to, told by kid', async () => {
  const store = memoryStore(() => 0)
  await createKeys(store, '/alpha', 0)
  const keys = await readKeys(store, '/alpha')
  assert.deepEqual(keys.signing.map(({ alg }) => alg).sort(), [...signingAlgorithms].sort())
  assert.equal(keys.published.length, signingAlgorithms.length + 2)
  assert.deepEqual(keys.published.map(({ use, alg, kty }) => `${use} ${alg ?? kty}`).sort(), [
    'enc EC',
    'enc RSA',
    'sig ES256',
    'sig OKP',
    'sig PS256',
    'sig RS256',
  ])
  assert.equal(new Set(keys.published.map(({ kid }) => kid)).size, keys.published.length)
})

test('OA-23 what is published holds no private member', async () => {
  const store = memoryStore(() => 0)
  await createKeys(store, '/alpha', 0)
  const { published } = await readKeys(store, '/alpha')
  for (const key of published) {
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']) {
      assert.equal(Object.hasOwn(key, name), false, name)
    }
  }
})

test('C-11 EdDSA and Ed25519 are one key, published under neither name; what nobody signs with is none', async () => {
  const store = memoryStore(() => 0)
  await createKeys(store, '/', 0)
  const keys = await readKeys(store, '/')
  assert.ok(signingKey(keys, 'EdDSA', 0))
  assert.equal(signingKey(keys, 'Ed25519', 0), signingKey(keys, 'EdDSA', 0))
  const [okp, ...more] = keys.published.filter(({ kty }) => kty === 'OKP')
  assert.deepEqual([okp?.alg, okp?.use, more], [undefined, 'sig', []])
  for (const alg of ['none', 'HS256', 'ES512', '', '__proto__']) {
    assert.equal(signingKey(keys, alg, 0), undefined)
  }
})

test('T-1 two processes that start at once end with one set of keys', async () => {
  const store = memoryStore(() => 0)
  await Promise.all(Array.from({ length: 2 }, () => createKeys(slow(store), '/alpha', 0)))
  const all = await Promise.all(Array.from({ length: 2 }, () => readKeys(slow(store), '/alpha')))
  for (const keys of all) assert.deepEqual(keys.published, all[0]?.published)
  assert.equal(all[0]?.published.length, signingAlgorithms.length + 2)
})

test('keys are made once: a restart changes nothing, a missing one is added', async () => {
  const store = memoryStore(() => 0)
  await createKeys(store, '/alpha', 0)
  const first = await readKeys(store, '/alpha')
  const stamp = store.changeCount()
  await createKeys(store, '/alpha', 0)
  assert.equal(store.changeCount(), stamp)
  await store.delete('key/%2Falpha/ES256-0')
  await createKeys(store, '/alpha', 0)
  const second = await readKeys(store, '/alpha')
  assert.equal(second.signing.length, first.signing.length)
  assert.equal(signingKey(second, 'RS256', 0)?.kid, signingKey(first, 'RS256', 0)?.kid)
  assert.notEqual(signingKey(second, 'ES256', 0)?.kid, signingKey(first, 'ES256', 0)?.kid)
})

test('P-2 realms share no key', async () => {
  const store = memoryStore(() => 0)
  await createKeys(store, '/a', 0)
  await createKeys(store, '/a/b', 0)
  const [a, b] = [await readKeys(store, '/a'), await readKeys(store, '/a/b')]
  assert.equal(a.published.length, b.published.length)
  const kids = new Set([...a.published, ...b.published].map(({ kid }) => kid))
  assert.equal(kids.size, a.published.length + b.published.length)
})

test('a stored key that cannot be used stops the realm, loudly', async () => {
  const store = memoryStore(() => 0)
  await store.insert('key/%2Fa/ES256-0', Buffer.from('{"use":"sig","alg":"ES256"}'), 2 ** 47)
  await assert.rejects(readKeys(store, '/a'), /a stored key of the realm cannot be used/)
})
