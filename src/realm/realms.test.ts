import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { late } from '../../test/late-store.ts'
import { world } from '../../test/world.ts'
import { random } from '../base/random.ts'
import { memoryStore } from '../store/memory/memory.ts'
import { type Store, StoreUnavailable } from '../store/store.ts'
import type { Realm } from './realm.ts'
import { allRealms, createRealm, readRealm, realms } from './realms.ts'
import { saveProvider } from './record.ts'
import { touchRealm } from './touch.ts'
import { fullPath } from './tree.ts'

const url = 'https://as.example/am'

function address(path: string, form: string) {
  return { path, url, issuer: `${url}/oauth2${form}` }
}

test('C-19 the issuer mirrors the path form, or is fixed per realm', async () => {
  const w = await world({ bravo: { parapetConfig: { issuerForm: 'fixed' } } })
  const long = await w.realms.find(address('/alpha', '/realms/root/realms/alpha'))
  const short = await w.realms.find(address('/alpha', '/alpha'))
  assert.equal(long?.issuer, `${url}/oauth2/realms/root/realms/alpha`)
  assert.equal(short?.issuer, `${url}/oauth2/alpha`)
  assert.equal(short?.path, long?.path)
  const fixed = await w.realms.find(address('/bravo', '/bravo'))
  assert.equal(fixed?.issuer, `${url}/oauth2/realms/root/realms/bravo`)
})

test('a realm is one value as long as nothing changes, and a new one at once when its settings do', async () => {
  const w = await world()
  const at = address('/alpha', '/alpha')
  const first = (await w.realms.find(at)) as Realm
  assert.equal(await w.realms.find(at), first)
  const stored = await readRealm(first)
  assert.ok(stored)
  const document = { advancedOAuth2Config: { parRequestUriLifetime: 7 } }
  assert.equal(await saveProvider(first, stored, document), true)
  const second = (await w.realms.find(at)) as Realm
  assert.equal(second.provider.parRequestUriLifetime, 7)
  assert.equal(first.provider.parRequestUriLifetime, 90)
  assert.notEqual(second.version, first.version)
  assert.equal(await saveProvider(first, stored, {}), false, 'somebody was faster')
})

test('C-19 an unknown realm is none, whatever it is called', async () => {
  const w = await world()
  for (const path of ['/charlie', ' ', '', '/alpha/', '/ALPHA', '__proto__', '/%2Falpha']) {
    assert.equal(await w.realms.find(address(path, path)), undefined)
  }
})

test('C-19 a host name may mean a realm, in any case', async () => {
  const w = await world()
  assert.equal(await w.realms.aliasOf('login.example'), undefined)
  await createRealm(w.settings, { path: '/charlie', aliases: ['Login.Example'], document: {} })
  assert.equal(await w.realms.aliasOf('login.example'), '/charlie')
  assert.equal(await w.realms.aliasOf('evil.login.example'), undefined)
})

test('T-1 a realm is created once', async () => {
  const store = memoryStore(() => 0)
  const record = { path: '/a', aliases: [], document: {} }
  const created = await Promise.all([createRealm(store, record), createRealm(store, record)])
  assert.deepEqual(created.sort(), [false, true])
  assert.equal(await createRealm(store, record), false)
  assert.equal((await allRealms(store)).length, 1)
})

test('secrets differ by purpose, by realm and by the key outside the database', async () => {
  const now = () => 1
  const store = memoryStore(now)
  for (const path of ['/a', '/b']) await createRealm(store, { path, aliases: [], document: {} })
  const texts = new Set<string>()
  for (const fill of [1, 2]) {
    const handleKeys = [{ version: 1, key: createSecretKey(Buffer.alloc(32, fill)) }]
    const all = realms({
      settings: store,
      records: store,
      handleKeys,
      now,
      timeOfDay: now,
      random,
      fetch,
    })
    for (const path of ['/a', '/b']) {
      const realm = (await all.find(address(path, path))) as Realm
      for (const purpose of ['auth-id', 'auth-id state', 'csrf'] as const) {
        texts.add(realm.secret(purpose).export().toString('hex'))
        assert.equal(realm.secret(purpose), realm.secret(purpose))
      }
    }
  }
  assert.equal(texts.size, 12)
})

test('R-12 many spellings of one issuer fill no memory', async () => {
  const w = await world()
  for (let i = 0; i < 500; i++) {
    const at = { path: '/alpha', url, issuer: `${url}/oauth2/${i}` }
    assert.equal((await w.realms.find(at))?.issuer, at.issuer)
  }
})

for (const [path, full] of [
  ['/', '/realms/root'],
  ['/alpha', '/realms/root/realms/alpha'],
  ['/a/b', '/realms/root/realms/a/realms/b'],
]) {
  test(`C-19 the full form of ${path}`, () => assert.equal(fullPath(path as string), full))
}

test('house: a realm that keeps changing is touched forty times in vain, not for ever', async () => {
  const { settings } = await world()
  let tries = 0
  const busy = {
    ...settings,
    async replace() {
      tries += 1
      return 'lost' as const
    },
  }
  await assert.rejects(touchRealm(busy, '/alpha'), StoreUnavailable)
  assert.equal(tries, 40)
})

test('house: many who ask at once for a realm, or a host, that nobody asked for yet cause one load', async () => {
  const { settings } = await world()
  let lists = 0
  const counted = {
    ...settings,
    list(...asked: Parameters<typeof settings.list>) {
      lists += 1
      return settings.list(...asked)
    },
  }
  const handleKeys = [{ version: 1, key: createSecretKey(Buffer.alloc(32)) }]
  const shelves = { settings: counted, records: settings }
  const times = { now: () => 1, timeOfDay: () => 1 }
  const all = realms({ ...shelves, handleKeys, ...times, random, fetch })
  const many = <T>(one: () => T | Promise<T>): Promise<T>[] =>
    Array.from({ length: 600 }, async () => one())
  const ask = async (): Promise<void> => {
    lists = 0
    const at = address('/alpha', '/alpha')
    const found = await Promise.all(many(() => all.find(at)))
    assert.equal(new Set(found).size, 1)
    assert.equal(lists, 2, 'the folders of its keys and of its journeys')
    await Promise.all(many(() => all.aliasOf('login.example')))
    assert.equal(lists, 3, 'the folder of realms')
  }
  await ask()
  await touchRealm(settings, '/alpha')
  await ask()
})

test('house: with settings that answer later, a realm and what host means it are as they stand when asked for', async () => {
  let lists = 0
  const counted = (store: Store): Store =>
    late({
      ...store,
      list(...asked) {
        lists += 1
        return store.list(...asked)
      },
    })
  const w = await world({ settings: counted })
  const at = address('/alpha', '/alpha')
  const first = await w.realms.find(at)
  assert.ok(first)
  assert.equal(await w.realms.find(at), first, 'one value as long as nothing changes')
  assert.equal(await w.realms.aliasOf('login.example'), undefined)
  const before = lists
  assert.equal(await w.realms.aliasOf('login.example'), undefined)
  assert.equal(lists, before, 'nothing changed: nothing is looked for')
  await createRealm(w.settings, { path: '/charlie', aliases: ['login.example'], document: {} })
  assert.equal(await w.realms.aliasOf('login.example'), '/charlie')
  await touchRealm(w.settings, '/alpha')
  assert.notEqual((await w.realms.find(at))?.version, first.version)
})
