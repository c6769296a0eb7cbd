import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { before, test } from 'node:test'
import { argon2Hash } from '../base/argon2.ts'
import { random } from '../base/random.ts'
import { clientIds, readClient, writeClient } from '../client/client.ts'
import { hashSecret } from '../client/secret.ts'
import type { Realm } from '../realm/realm.ts'
import { createRealm, realms as openRealms, type Realms } from '../realm/realms.ts'
import { memoryStore } from '../store/memory.ts'
import { never, type Store } from '../store/store.ts'
import { changeEndUser, findByUsername } from '../subject/end-user.ts'
import { populateDemo, remainingSeeds, removeDemo } from './populate.ts'

const now = (): number => 1_800_000_000
const handleKeys = [{ version: 1, key: createSecretKey(Buffer.alloc(32, 7)) }]
const origin = 'http://localhost:8080'

const all = ['/alpha', '/bravo'].flatMap((path) => [
  `user demo of ${path}`,
  `client myClient of ${path}`,
])

/** A store as the demo left it; its keys are made once. */
let filled: Store

function realmsOf(settings: Store): Realms {
  return openRealms({ settings, records: memoryStore(now), handleKeys, now, random, fetch })
}

async function copyOf(store: Store, ...folders: string[]): Promise<Store> {
  const copy = memoryStore(now)
  for (const folder of folders) {
    for (const key of (await store.list(folder, 100)).keys) {
      await copy.insert(key, (await store.get(key))?.value as Buffer, never)
    }
  }
  return copy
}

function newStore(): Promise<Store> {
  return copyOf(filled, 'key/%2Falpha', 'key/%2Fbravo')
}

/** The same shelf, until so many writes have been made. */
function endingAfter(store: Store, writes: number): Store {
  let left = writes
  const counted = (): void => {
    if (left === 0) throw new Error('killed')
    left -= 1
  }
  return {
    ...store,
    async insert(...write) {
      counted()
      return store.insert(...write)
    },
    async replace(...write) {
      counted()
      return store.replace(...write)
    },
  }
}

async function realm(settings: Store, path: string): Promise<Realm> {
  return (await realmsOf(settings).find({ path, url: '', issuer: '' })) as Realm
}

before(async () => {
  filled = memoryStore(now)
  await populateDemo(filled, realmsOf(filled), origin)
})

test('the demo’s credentials are found wherever its filling was cut short', async () => {
  let writes = 0
  for (let done = false; !done; writes++) {
    const settings = await newStore()
    const cut = endingAfter(settings, writes)
    done = await populateDemo(cut, realmsOf(cut), origin).then(
      () => true,
      () => false,
    )
    const seeds = await remainingSeeds(settings, realmsOf(settings))
    for (const path of ['/alpha', '/bravo']) {
      if (!(await settings.get(`realm/${encodeURIComponent(path)}`))) continue
      const at = await realm(settings, path)
      const user = await findByUsername(at, 'demo')
      assert.equal(seeds.includes(`user demo of ${path}`), user !== undefined)
      const clients = await clientIds(at)
      assert.equal(seeds.includes(`client myClient of ${path}`), clients.includes('myClient'))
    }
    // The next start takes it up.
    await populateDemo(settings, realmsOf(settings), origin)
    assert.deepEqual(await remainingSeeds(settings, realmsOf(settings)), all)
    assert.equal((await settings.list('username/%2Fbravo', 10)).keys.length, 1)
  }
  assert.ok(writes > 10, String(writes))
})

test('two processes fill one store: each thing once, every credential known', async () => {
  const settings = await newStore()
  await Promise.all([1, 2].map(() => populateDemo(settings, realmsOf(settings), origin)))
  assert.deepEqual(await remainingSeeds(settings, realmsOf(settings)), all)
  assert.equal((await settings.list('user/%2Falpha', 10)).keys.length, 1)
})

test('a filled store is left alone: what was removed does not come back', async () => {
  const settings = await newStore()
  await populateDemo(settings, realmsOf(settings), origin)
  await settings.delete('client/%2Falpha/myClient')
  await populateDemo(settings, realmsOf(settings), origin)
  assert.deepEqual(
    await remainingSeeds(settings, realmsOf(settings)),
    all.filter((seed) => seed !== 'client myClient of /alpha'),
  )
})

test('house: --demo gives a store that is in use nothing, and says so', async () => {
  const settings = await newStore()
  await createRealm(settings, { path: '/alpha', aliases: [], document: {} })
  const stamp = settings.stamp()
  await assert.rejects(populateDemo(settings, realmsOf(settings), origin), /in use/)
  assert.equal(settings.stamp(), stamp)
})

test('parapet remove-demo: a client that is being changed goes as well, or the mark stays', async () => {
  for (const changes of [1, 9]) {
    const settings = await newStore()
    await populateDemo(settings, realmsOf(settings), origin)
    let left = changes
    const busy: Store = {
      ...settings,
      async replace(key, version, value, expiry) {
        if (value.length === 0 && left-- > 0) return 'lost'
        return settings.replace(key, version, value, expiry)
      },
    }
    const removing = removeDemo(busy, realmsOf(busy))
    if (changes === 1) assert.equal((await removing).length, 6)
    else {
      await assert.rejects(removing, /keeps being changed/)
      assert.notDeepEqual(await remainingSeeds(settings, realmsOf(settings)), [])
    }
  }
})

test('a credential counts until it is another one', async () => {
  const settings = await newStore()
  await populateDemo(settings, realmsOf(settings), origin)
  const alpha = await realm(settings, '/alpha')
  const { sub } = (await findByUsername(alpha, 'demo')) ?? assert.fail()
  const give = async (password: string, secret: string): Promise<readonly string[]> => {
    await changeEndUser(alpha, sub, { password: await argon2Hash(password, random(16)) })
    const { record, version } = (await readClient(alpha, 'myClient')) ?? assert.fail()
    const secrets = [await hashSecret(alpha, secret, false)]
    assert.ok(await writeClient(alpha, { ...record, secrets }, version))
    return remainingSeeds(settings, realmsOf(settings))
  }
  // The same password under another salt is the same password.
  assert.deepEqual(await give('Ch4ng31t', 'mySecret'), all)
  assert.deepEqual(await give('another one', 'mySecret'), all.slice(1))
  assert.deepEqual(await give('another one', 'another one'), all.slice(2))
})

test('a store no demo wrote to is not asked for credentials', async () => {
  const settings = await copyOf(filled, 'realm', 'user/%2Falpha', 'username/%2Falpha')
  assert.deepEqual(await remainingSeeds(settings, realmsOf(settings)), [])
})

test('parapet remove-demo: what the demo made is gone, and the store is like any other', async () => {
  const settings = memoryStore(now)
  await populateDemo(settings, realmsOf(settings), origin)
  const removed = await removeDemo(settings, realmsOf(settings))
  assert.equal(removed.length, 6)
  assert.deepEqual(await remainingSeeds(settings, realmsOf(settings)), [])
  const alpha = await realm(settings, '/alpha')
  assert.equal(await findByUsername(alpha, 'demo'), undefined)
  assert.equal(await readClient(alpha, 'myClient'), undefined)
  assert.deepEqual(await removeDemo(settings, realmsOf(settings)), [])
})
