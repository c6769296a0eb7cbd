import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storedKinds } from '../../scripts/reference/stored-kinds.ts'
import { answerConsent, isConsentPage, person, slimUrl } from '../../test/flow.ts'
import { giveKeys } from '../../test/realm-keys.ts'
import type { World } from '../../test/world.ts'
import { pushed, world } from '../../test/world.ts'
import { never } from '../store/store.ts'
import { keysWith } from './key/made-keys.ts'
import { pairwiseKey } from './key/pairwise-key.ts'
import { rotateRealms } from './key/rotation.ts'
import type { Realm } from './realm.ts'
import { allRealms, createRealm } from './realms.ts'
import { endRemoval, removeRealm } from './removal.ts'

const alpha = { path: '/alpha', aliases: ['alpha.example'], document: {} }

/** What the settings shelf has in the folders of a realm. */
async function left(w: World, name = '%2Falpha'): Promise<readonly string[]> {
  const folders = ['client', 'user', 'username', 'key', `consent/${name}`]
  const pages = folders.map((folder) =>
    w.settings.list(folder.includes('/') ? `${folder}/${w.demo.sub}` : `${folder}/${name}`, 1000),
  )
  return (await Promise.all(pages)).flatMap(({ keys }) => keys)
}

async function begin(w: World): Promise<void> {
  const { value, version } = (await w.settings.get('realm/%2Falpha')) ?? assert.fail()
  const record = JSON.parse(value.toString()) as object
  const marked = Buffer.from(JSON.stringify({ ...record, removed: true }))
  assert.equal(await w.settings.replace('realm/%2Falpha', version, marked, never), 'won')
}

test('C-37 a realm goes with its clients, accounts, names, consents and keys, and no other realm does', async () => {
  const w = await world()
  const p = await person(w)
  const page = await p.get(slimUrl(await pushed(w)))
  assert.ok(isConsentPage(page))
  await answerConsent(p, page, 'allow', { save_consent: 'on' })
  const bravo = await left(w, '%2Fbravo')
  assert.ok((await left(w)).some((key) => key.startsWith('consent/')))
  assert.equal(await removeRealm(w.settings, '/alpha'), 'removed')
  assert.deepEqual(await left(w), [])
  assert.deepEqual(await left(w, '%2Fbravo'), bravo)
  assert.equal(await w.realm(), undefined)
  assert.equal(await removeRealm(w.settings, '/alpha'), 'absent')
})

test('C-37 every kind of record that is kept for a realm goes with it', async () => {
  const w = await world()
  const kept = storedKinds
    .filter(({ shelf, example }) => shelf === 'settings' && example.includes('%2Falpha'))
    .map(({ example }) => example)
  assert.ok(kept.length > 5)
  for (const key of kept) await w.settings.insert(key, Buffer.from('{}'), never)
  assert.equal(await removeRealm(w.settings, '/alpha'), 'removed')
  const there = await Promise.all(kept.map(async (key) => w.settings.get(key)))
  assert.deepEqual(
    kept.filter((_, i) => there[i] !== undefined),
    [],
  )
})

test('C-37 the root stays, and a realm with others below it', async () => {
  const w = await world()
  await giveKeys(w.settings, '/alpha/one')
  await createRealm(w.settings, { path: '/alpha/one', aliases: [], document: {} })
  assert.equal(await removeRealm(w.settings, '/'), 'root')
  assert.equal(await removeRealm(w.settings, '/alpha'), 'parent')
  assert.ok(await w.realm())
  assert.equal(await removeRealm(w.settings, '/alpha/one'), 'removed')
  assert.equal(await removeRealm(w.settings, '/alpha'), 'removed')
})

test('C-37 from its first write on a removal holds: nobody finds the realm, nor its host name', async () => {
  const w = await world()
  await begin(w)
  assert.equal(await w.realm(), undefined)
  assert.deepEqual(
    (await allRealms(w.settings)).map(({ record }) => record.path),
    ['/', '/bravo'],
  )
})

test('C-37 a removal that was cut short is ended by the next one, or before a realm of that path is made', async () => {
  const one = await world()
  await begin(one)
  assert.equal(await removeRealm(one.settings, '/alpha'), 'absent')
  assert.deepEqual(await left(one), [])
  const two = await world()
  await begin(two)
  assert.equal(await createRealm(two.settings, alpha), true)
  assert.ok((await left(two)).every((key) => key.startsWith('key/')))
  assert.ok(await two.realm())
})

test('T-1 of several removals at once one removes', async () => {
  const w = await world()
  const removals = [1, 2, 3].map(() => removeRealm(w.settings, '/alpha'))
  const removed = (await Promise.all(removals)).filter((each) => each === 'removed')
  assert.equal(removed.length, 1)
})

test('C-37 what was written into a realm while it was removed is not in the next one of that path', async () => {
  const { settings } = await world()
  const path = '/gone'
  const late = ['client', 'group', 'kept', 'resource', 'user', 'username'].map(
    (folder) => `${folder}/${encodeURIComponent(path)}/late`,
  )
  assert.equal(await createRealm(settings, { path, aliases: [], document: {} }), true)
  assert.equal(await removeRealm(settings, path), 'removed')
  for (const key of late) await settings.insert(key, Buffer.from('{}'), never)
  assert.equal(await createRealm(settings, { path, aliases: [], document: {} }), true)
  for (const key of late) assert.equal(await settings.get(key), undefined, key)
})

test('T-1 of several that make a realm at once one does, and whoever ends removals meanwhile takes nothing from it', async () => {
  const { settings } = await world()
  const path = '/new'
  const key = 'client/%2Fnew/kept'
  const made = Array.from({ length: 4 }, async () => {
    const isMine = await createRealm(settings, { path, aliases: [], document: {} })
    if (isMine) await settings.insert(key, Buffer.from('{}'), never)
    return isMine
  })
  for (let i = 0; i < 40; i++) await endRemoval(settings, path)
  assert.deepEqual((await Promise.all(made)).filter(Boolean), [true])
  assert.ok(await settings.get(key))
  assert.ok(await settings.get('realm/%2Fnew'))
})

const makers: Readonly<Record<string, (realm: Realm) => unknown>> = {
  'to sign with': (realm) =>
    keysWith({ ...realm, keys: { ...realm.keys, names: new Set() } }, ['ES256']),
  'of pairwise subjects': (realm) => pairwiseKey(realm),
  'that follows another': (realm) =>
    rotateRealms(realm.settings, { past: realm.now() + 9e8, now: realm.now() + 9e8 }),
}

for (const [name, make] of Object.entries(makers))
  test(`C-37 a key that is made while its realm is removed goes with it: ${name}`, async () => {
    let [going, removed] = [false, false]
    const w = await world({
      settings: (store) => ({
        ...store,
        async insert(...args: Parameters<typeof store.insert>) {
          if (going && !removed && args[0].startsWith('key/%2Falpha/')) {
            removed = true
            await removeRealm(store, '/alpha')
          }
          return store.insert(...args)
        },
      }),
    })
    const realm = await w.realm()
    await w.settings.delete('key/%2Falpha/ES256-0')
    going = true
    await make(realm)
    assert.ok(removed)
    assert.deepEqual(await left(w), [])
  })
