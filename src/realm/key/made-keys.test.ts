import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anotherNode } from '../../../test/nodes.ts'
import { bodyOf, origin, requestOf, world } from '../../../test/world.ts'
import { generateEncryptionKey, generateSigningKey } from '../../jose/generate.ts'
import { memoryStore } from '../../store/memory/memory.ts'
import { createRealm } from '../realms.ts'
import { readKeys, signingKey } from './keys.ts'
import { createKeys, keysWith } from './made-keys.ts'

const bare = { path: '/charlie', aliases: [], document: {} }
const at = `${origin}/am/oauth2/charlie`

test('META-4 a realm has no key until somebody asks for it; what discovery names is in the key set, for every process', async () => {
  const w = await world()
  await createRealm(w.settings, bare)
  const get = async (path: string, serve = w.serve): Promise<Record<string, unknown>> =>
    bodyOf(await serve(requestOf('GET', `${at}${path}`)))
  const stored = async (): Promise<number> =>
    (await w.settings.list('key/%2Fcharlie', 100)).keys.length
  const named = (await get('/.well-known/openid-configuration'))
    .id_token_signing_alg_values_supported as string[]
  assert.equal(await stored(), 0)
  const keys = (await get('/connect/jwk_uri')).keys as Readonly<Record<string, string>>[]
  assert.equal(await stored(), 6)
  const served = keys.flatMap(({ kty, alg }) =>
    kty === 'OKP' ? ['EdDSA', 'Ed25519'] : (alg ?? []),
  )
  assert.deepEqual([...named].sort(), served.sort())
  assert.equal(keys.filter(({ use }) => use === 'enc').length, 2)
  const version = (await w.realm('/charlie')).version
  assert.deepEqual((await get('/connect/jwk_uri')).keys, keys)
  const other = await anotherNode(w)
  assert.deepEqual((await get('/connect/jwk_uri', other)).keys, keys)
  assert.equal((await w.realm('/charlie')).version, version, 'nothing more is written')
})

test('T-1 of processes that need a key at once one makes it, and only what is needed', async () => {
  const w = await world()
  await createRealm(w.settings, bare)
  const realm = await w.realm('/charlie')
  // Another object over the same shelf: nothing is shared but what is stored.
  const processes = [realm, realm, { ...realm, settings: { ...w.settings } }]
  const all = await Promise.all(processes.map(async (each) => keysWith(each, ['ES256'])))
  const kids = all.map((keys) => signingKey(keys, 'ES256', w.clock.now)?.kid)
  assert.deepEqual(kids, Array(3).fill(kids[0]))
  assert.ok(kids[0])
  const { keys } = await w.realm('/charlie')
  assert.deepEqual([...keys.names], ['ES256'])
  assert.equal(keysWith(await w.realm('/charlie'), ['ES256']), keys, 'at once, once it is there')
})

test('house: a realm may be created with keys that were made elsewhere', async () => {
  const store = memoryStore(() => 0)
  const made = [await generateSigningKey('ES256'), await generateEncryptionKey('P-256')]
  const keys = made.map(({ privateJwk }) => privateJwk)
  assert.equal(await createRealm(store, bare, { keys, now: 1 }), true)
  await createKeys(store, bare.path, 2, ['ES256', 'P-256', 'EdDSA'])
  const { published, signing } = await readKeys(store, bare.path)
  assert.equal(signing.length, 2)
  for (const { kid } of keys) assert.ok(published.some((key) => key.kid === kid))
  const other = { ...bare, path: '/delta' }
  for (const wrong of [
    { kty: 'EC', use: 'sig', alg: 'ES512' },
    { ...keys[0], d: 'AA' },
  ])
    await assert.rejects(createRealm(store, other, { keys: [wrong], now: 1 }))
  assert.equal(await store.get('realm/%2Fdelta'), undefined)
})
