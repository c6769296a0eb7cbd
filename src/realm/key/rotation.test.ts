import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../base/json.ts'
import { delay } from '../../base/time.ts'
import { generateEncryptionKey } from '../../jose/generate.ts'
import { memoryStore } from '../../store/memory/memory.ts'
import type { Store } from '../../store/store.ts'
import { never } from '../../store/store.ts'
import { allRealms, createRealm } from '../realms.ts'
import type { RealmKeys } from './keys.ts'
import { readKeys } from './keys.ts'
import { createKeys, keysWith } from './made-keys.ts'
import { rotateKeys } from './rotate-keys.ts'
import { familiesMeant, keepRotated, replaceKeys, rotateRealms } from './rotation.ts'
import { keyNames } from './stored-key.ts'

const path = '/alpha'
const day = 86_400
const start = 1_800_000_000
const both = (now: number) => ({ past: now, now })
const enc = { wanted: familiesMeant('enc') ?? assert.fail(), spoilt: false, by: 'test' }

async function filled(parapetConfig: JsonObject = {}): Promise<Store> {
  const store = memoryStore(() => 0)
  await createRealm(store, {
    path,
    aliases: [],
    document: { parapetConfig: { signingKeyDays: 0, ...parapetConfig } },
  })
  await createKeys(store, path, start)
  return store
}

/** Published keys to encrypt to, by kind. */
function published(keys: RealmKeys): Record<string, string | undefined> {
  const own = keys.published.filter(({ use }) => use === 'enc')
  assert.equal(new Set(own.map(({ kty }) => kty)).size, own.length, 'one of each kind')
  return Object.fromEntries(own.map(({ kty, kid }) => [kty, kid]))
}

function opening(keys: RealmKeys): (string | undefined)[] {
  return keys.decrypting.map(({ kid }) => kid)
}

test('RFC 7517 §5 keys to encrypt to are replaced when they are old; the old ones still open for a while', async () => {
  const store = await filled()
  const first = published(await readKeys(store, path))
  const stamp = store.changeCount()
  await rotateRealms(store, both(start + 90 * day - 1))
  assert.equal(store.changeCount(), stamp, 'nothing is written before its time')
  await rotateRealms(store, both(start + 90 * day))
  const second = await readKeys(store, path)
  for (const kty of ['RSA', 'EC']) {
    assert.notEqual(published(second)[kty], first[kty])
    assert.ok(opening(second).includes(first[kty]), 'what is under way')
  }
  await rotateRealms(store, both(start + 120 * day - 1))
  assert.equal((await readKeys(store, path)).decrypting.length, 4)
  await rotateRealms(store, both(start + 120 * day))
  const third = await readKeys(store, path)
  assert.deepEqual(published(third), published(second))
  assert.deepEqual(opening(third).sort(), Object.values(published(second)).sort())
  assert.deepEqual(
    third.signing.map(({ kid }) => kid),
    second.signing.map(({ kid }) => kid),
  )
})

test('META-4 a change of keys gives the realm a new version, so that every process reads them', async () => {
  const store = await filled()
  const version = (await store.get('realm/%2Falpha'))?.version
  await rotateRealms(store, both(start + 90 * day))
  assert.notEqual((await store.get('realm/%2Falpha'))?.version, version)
})

test('META-4 keys are replaced at once when somebody says so, even where they are kept', async () => {
  const store = await filled({ encryptionKeyDays: 0 })
  await createRealm(store, { path: '/bravo', aliases: [], document: {} })
  await createKeys(store, '/bravo', start)
  const [first, version] = [
    await readKeys(store, path),
    (await store.get('realm/%2Falpha'))?.version,
  ]
  // The clock of whoever made the keys was ahead of ours.
  assert.deepEqual(await replaceKeys(store, both(start - 5), path, enc), [{ path, made: true }])
  const second = await readKeys(store, path)
  assert.deepEqual(Object.keys(published(second)).sort(), ['EC', 'RSA'])
  for (const kid of Object.values(published(first))) {
    assert.ok(!Object.values(published(second)).includes(kid))
    assert.ok(opening(second).includes(kid), 'what is under way')
  }
  assert.notEqual((await store.get('realm/%2Falpha'))?.version, version)
  assert.equal((await readKeys(store, '/bravo')).decrypting.length, 2)
  assert.deepEqual(await replaceKeys(store, both(start), undefined, enc), [
    { path, made: true },
    { path: '/bravo', made: true },
  ])
  assert.equal((await readKeys(store, path)).decrypting.length, 6)
  assert.equal((await readKeys(store, '/bravo')).decrypting.length, 4)
  const empty = memoryStore(() => 0)
  await assert.rejects(replaceKeys(empty, both(start), undefined, enc), /no realms/)
  await assert.rejects(
    replaceKeys(store, both(start), '/nowhere', enc),
    /no realm \/nowhere .*\/alpha, \/bravo/,
  )
})

test('META-4 where nobody has asked for a key yet there is none to replace, which is told', async () => {
  const store = memoryStore(() => 0)
  await createRealm(store, { path, aliases: [], document: {} })
  const times = both(start)
  for (const spoilt of [false, true])
    assert.deepEqual(await replaceKeys(store, times, path, { ...enc, spoilt, by: 'test' }), [
      { path, made: false },
    ])
  await createKeys(store, path, start)
  const sig = { wanted: familiesMeant('sig') ?? enc.wanted, spoilt: false, by: 'test' }
  // The second time the next ones are published already, and wait.
  for (const made of [true, false])
    assert.deepEqual(await replaceKeys(store, times, path, sig), [{ path, made }])
})

test('T-2 a key whose maker ended before it told is told of by the next look, and by the next start', async () => {
  const store = await filled()
  const version = async (): Promise<number | undefined> => (await allRealms(store))[0]?.version
  const running = new Map<string, string>()
  const look = async (at: number, seen: Map<string, string>): Promise<boolean> => {
    const before = await version()
    await rotateRealms(store, both(at), seen)
    return (await version()) !== before
  }
  const later = start + 2 * day
  assert.equal(await look(later, running), false)
  await rotateKeys(store, path, both(later), () => ({ after: 0, before: 0, keep: day }))
  assert.equal(await look(later + 60, new Map()), true, 'a start within the hour')
  assert.equal(await look(later + 3600, running), true, 'the next look of who runs')
  assert.equal(await look(later + 7200, running), false)
  assert.equal(await look(later + 7200, new Map()), false, 'by now everybody knows')
})

test('T-1 of several processes that rotate at once one makes the key', async () => {
  const store = await filled()
  await Promise.all(Array.from({ length: 4 }, () => rotateRealms(store, both(start + 90 * day))))
  assert.equal((await readKeys(store, path)).decrypting.length, 4)
})

test('META-4 a realm may keep its keys, or change them often', async () => {
  const [kept, often] = [
    await filled({ encryptionKeyDays: 0 }),
    await filled({ encryptionKeyDays: 1, encryptionKeyOverlapDays: 3 }),
  ]
  for (let i = 1; i <= 6; i++) {
    for (const store of [kept, often]) await rotateRealms(store, both(start + i * day))
  }
  assert.equal((await readKeys(kept, path)).decrypting.length, 2)
  assert.equal(
    (await readKeys(often, path)).decrypting.length,
    2 * 4,
    'the newest and three days of old ones',
  )
})

test('RFC 7517 §5 a store from before there were kinds gains them, and loses nothing', async () => {
  const store = await filled()
  for (const name of ['RSA-0', 'P-256-0']) await store.delete(`key/%2Falpha/${name}`)
  const { privateJwk } = await generateEncryptionKey('RSA-OAEP-256')
  const old = Buffer.from(JSON.stringify(privateJwk))
  await store.insert('key/%2Falpha/RSA-OAEP-256-0', old, never)
  const version = (await store.get('realm/%2Falpha'))?.version
  const before = await readKeys(store, path)
  assert.equal(published(before).RSA, privateJwk.kid)
  const own = { path, settings: store, now: () => start + day, keys: before }
  await keysWith(own, keyNames)
  assert.notEqual((await store.get('realm/%2Falpha'))?.version, version)
  const after = await readKeys(store, path)
  assert.deepEqual(Object.keys(published(after)).sort(), ['EC', 'RSA'])
  assert.notEqual(published(after).RSA, privateJwk.kid)
  assert.ok(opening(after).includes(privateJwk.kid as string))
  await rotateRealms(store, both(start + 31 * day))
  assert.ok(!opening(await readKeys(store, path)).includes(privateJwk.kid as string))
})

test('META-4 a server looks after its keys by itself, until it is stopped', async () => {
  const store = await filled()
  const keeper = keepRotated(store, { past: () => start + 90 * day, now: () => start + 90 * day })
  while ((await readKeys(store, path)).decrypting.length < 4) await delay(5)
  keeper.stop()
})
