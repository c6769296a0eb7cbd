import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../base/json.ts'
import { memoryStore } from '../../store/memory/memory.ts'
import type { Store } from '../../store/store.ts'
import { createRealm } from '../realms.ts'
import { keySetKept, publishedBefore, statesOf } from './key-state.ts'
import { readKeys, signingKey } from './keys.ts'
import { promiseLifetime } from './lifetime.ts'
import { createKeys } from './made-keys.ts'
import { familiesMeant, replaceKeys, rotateRealms } from './rotation.ts'
import { byFamily, type Family, type KeyName, storedKeys } from './stored-key.ts'

const path = '/alpha'
const day = 86_400
const start = 1_800_000_000
const both = (now: number) => ({ past: now, now })
const meant = (word: string) => familiesMeant(word) ?? assert.fail()
const cheap = ['ES256', 'EdDSA'] as const satisfies readonly KeyName[]

async function filled(parapetConfig: JsonObject = {}): Promise<Store> {
  const store = memoryStore(() => 0)
  await createRealm(store, { path, aliases: [], document: { parapetConfig } })
  await createKeys(store, path, start, cheap)
  return store
}

/** The ids of a family's keys with their states, the newest first. */
async function states(store: Store, now: number, family: Family = 'ES256'): Promise<string> {
  const keys = byFamily(await storedKeys(store, path)).get(family) ?? []
  return statesOf(keys, now)
    .map(({ id, state }) => `${id} ${state}`)
    .join(', ')
}

async function kidAt(store: Store, now: number): Promise<string | undefined> {
  return signingKey(await readKeys(store, path), 'ES256', now)?.kid
}

async function publishedKids(store: Store): Promise<readonly (string | undefined)[]> {
  return (await readKeys(store, path)).published.map(({ kid }) => kid)
}

test('META-4 a signing key is published for the time a key set may be kept, then used, then kept until the last token it signed is over', async () => {
  const store = await filled({ signingKeyDays: 10 })
  const first = await kidAt(store, start)
  const due = start + 10 * day - publishedBefore
  await rotateRealms(store, both(due - 1))
  assert.equal(await states(store, due), 'ES256-0 active')
  await rotateRealms(store, both(due))
  const used = due + publishedBefore
  assert.ok(publishedBefore > keySetKept)
  assert.equal(await states(store, used - 1), 'ES256-1 published, ES256-0 active')
  assert.equal(await kidAt(store, used - 1), first)
  await rotateRealms(store, both(used - 1))
  assert.equal(await states(store, used), 'ES256-1 active, ES256-0 retired', 'by the clock alone')
  assert.notEqual(await kidAt(store, used), first)
  const over = used + day + keySetKept
  await rotateRealms(store, both(over - 1))
  assert.ok((await publishedKids(store)).includes(first), 'a token it signed may still live')
  await rotateRealms(store, both(over))
  assert.equal(await states(store, over), 'ES256-1 active')
  assert.ok(!(await publishedKids(store)).includes(first))
})

test('META-4 a key that signed something of a long life is kept for that long, whatever the settings are by then', async () => {
  const store = await filled({ signingKeyDays: 10 })
  const keys = await readKeys(store, path)
  const key = signingKey(keys, 'ES256', start) ?? assert.fail()
  const before = store.changeCount()
  const realm = { settings: store, path }
  assert.equal(promiseLifetime(realm, key, day), undefined, 'nothing is written of a usual life')
  await promiseLifetime(realm, key, 30 * day)
  const written = store.changeCount()
  assert.notEqual(written, before)
  assert.equal(promiseLifetime(realm, key, 30 * day), undefined, 'once')
  await promiseLifetime(realm, { ...key }, 20 * day)
  assert.equal(store.changeCount(), written, 'another process has less to say')
  await rotateRealms(store, both(start + 10 * day))
  const used = start + 10 * day + publishedBefore
  for (const [at, kept] of [
    [used + 30 * day, true],
    [used + 30 * day + keySetKept, false],
  ] as const) {
    await rotateRealms(store, both(at))
    assert.equal((await publishedKids(store)).includes(key.kid), kept)
  }
})

test('META-4 each algorithm has its own keys: one is replaced by a word, the others stay', async () => {
  const store = await filled()
  await replaceKeys(store, both(start), path, { wanted: meant('ES256'), spoilt: false, by: 'test' })
  assert.equal(await states(store, start), 'ES256-1 published, ES256-0 active')
  assert.equal(await states(store, start, 'EdDSA'), 'EdDSA-0 active')
  await replaceKeys(store, both(start + 60), path, {
    wanted: meant('sig'),
    spoilt: false,
    by: 'test',
  })
  const now = start + 60
  assert.equal(await states(store, now), 'ES256-1 published, ES256-0 active', 'it is under way')
  assert.equal(await states(store, now, 'EdDSA'), 'EdDSA-1 published, EdDSA-0 active')
  for (const word of ['HS256', 'none', '__proto__', ''])
    assert.equal(familiesMeant(word), undefined)
})

test('RFC 7517 §5 a spoilt key is published no more and signs nothing; its successor is used at once', async () => {
  const store = await filled()
  const first = await kidAt(store, start)
  await replaceKeys(store, both(start), path, { wanted: meant('ES256'), spoilt: false, by: 'test' })
  const next = (await publishedKids(store)).filter((kid) => kid !== first)
  await replaceKeys(store, both(start + 60), path, {
    wanted: meant('ES256'),
    spoilt: true,
    by: 'test',
  })
  assert.equal(await states(store, start + 60), 'ES256-2 active')
  const { verifying, published } = await readKeys(store, path)
  for (const { kid } of [...verifying, ...published].filter(({ kid }) => kid === first))
    assert.fail(`${kid} is still there`)
  assert.ok(next.length > 0)
  assert.equal(verifying.filter(({ kid }) => next.includes(kid)).length, 1, 'EdDSA alone')
})

test('T-1 of several processes that rotate at once one makes each key', async () => {
  const store = await filled({ signingKeyDays: 10 })
  const now = start + 10 * day
  await Promise.all(Array.from({ length: 4 }, () => rotateRealms(store, both(now))))
  assert.equal(await states(store, now), 'ES256-1 published, ES256-0 active')
  const replacement = { wanted: meant('ES256'), spoilt: false, by: 'test' }
  await Promise.all(
    Array.from({ length: 4 }, () => replaceKeys(store, both(now), path, replacement)),
  )
  assert.equal(await states(store, now), 'ES256-1 published, ES256-0 active')
})

test('META-4 a key is published for long enough though the server had stood still, or the clock was wrong', async () => {
  const store = await filled({ signingKeyDays: 10 })
  // It was off for a week: what is surely past lags behind.
  const now = start + 20 * day
  await rotateRealms(store, { past: start + 13 * day, now })
  assert.equal(await states(store, now), 'ES256-1 published, ES256-0 active')
  assert.equal(await states(store, now + publishedBefore - 1), 'ES256-1 published, ES256-0 active')
  // A year ahead, then set right: the key that waits for next year holds up nothing.
  const other = await filled({ signingKeyDays: 10 })
  await rotateRealms(other, { past: start + 10 * day, now: start + 365 * day })
  await rotateRealms(other, both(start + 11 * day))
  const used = start + 11 * day + publishedBefore
  assert.equal(await states(other, used), 'ES256-2 active, ES256-1 retired, ES256-0 retired')
})

test('META-4 keys from before times were written down are replaced by the rule, and sign until then', async () => {
  const store = await filled()
  for (const alg of cheap) {
    const key = `key/%2Falpha/${alg}-0`
    const stored = (await store.get(key)) ?? assert.fail()
    const { iat, ...jwk } = JSON.parse(stored.value.toString()) as JsonObject
    assert.equal(iat, start)
    await store.replace(key, stored.version, Buffer.from(JSON.stringify(jwk)), 2 ** 47)
  }
  const first = await kidAt(store, 0)
  assert.ok(first)
  await rotateRealms(store, both(start))
  assert.equal(await kidAt(store, start), first)
  assert.equal(await states(store, start), 'ES256-1 published, ES256-0 active')
})

test('META-4 a realm may keep its signing keys', async () => {
  const store = await filled({ signingKeyDays: 0, encryptionKeyDays: 0 })
  const before = store.changeCount()
  await rotateRealms(store, both(start + 3650 * day))
  assert.equal(store.changeCount(), before)
})

test('META-4 P-17 a first key made by a clock ahead is replaced when somebody asks for it, and not before', async () => {
  const store = await filled({ signingKeyDays: 10 })
  const behind = start - 30
  const once = { wanted: meant('ES256'), spoilt: false, by: 'a test' }
  await rotateRealms(store, both(behind))
  assert.equal(await states(store, behind), 'ES256-0 active')
  assert.deepEqual(await replaceKeys(store, both(behind), path, once), [{ path, made: true }])
  assert.equal(await states(store, behind), 'ES256-1 published, ES256-0 active')
  assert.equal(await states(store, behind + publishedBefore), 'ES256-1 active, ES256-0 retired')
  assert.deepEqual(await replaceKeys(store, both(behind), path, once), [{ path, made: false }])
})
