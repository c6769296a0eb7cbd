import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { before, test } from 'node:test'
import { argon2Hash } from '../base/argon2.ts'
import { random } from '../base/random.ts'
import { findClient } from '../client/client.ts'
import { clientIds, readClient, writeClient } from '../client/registration.ts'
import { hashSecret } from '../client/stored-secret.ts'
import type { Realm } from '../realm/realm.ts'
import { createRealm, realms as openRealms, type Realms, readRealm } from '../realm/realms.ts'
import { saveProvider } from '../realm/record.ts'
import { memoryStore } from '../store/memory/memory.ts'
import { never, type Store } from '../store/store.ts'
import { changeEndUser, findByUsername } from '../user/end-user.ts'
import { markDemo, populateDemo, remainingSeeds, removeDemo } from './populate.ts'

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
  return openRealms({
    settings,
    records: memoryStore(now),
    handleKeys,
    now,
    timeOfDay: now,
    random,
    fetch,
  })
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

/** What a start with --demo does to a store. */
async function fill(settings: Store): Promise<void> {
  await markDemo(settings)
  await populateDemo(settings, realmsOf(settings), origin)
}

async function realm(settings: Store, path: string): Promise<Realm> {
  return (await realmsOf(settings).find({ path, url: '', issuer: '' })) as Realm
}

before(async () => {
  filled = memoryStore(now)
  await fill(filled)
})

test('the demo’s credentials are found wherever its filling was cut short', async () => {
  let writes = 0
  for (let done = false; !done; writes++) {
    const settings = await newStore()
    const cut = endingAfter(settings, writes)
    done = await fill(cut).then(
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
    await fill(settings)
    assert.deepEqual(await remainingSeeds(settings, realmsOf(settings)), all)
    assert.equal((await settings.list('username/%2Fbravo', 10)).keys.length, 1)
  }
  assert.ok(writes > 10, String(writes))
})

test('two processes fill one store: each thing once, every credential known', async () => {
  const settings = await newStore()
  await Promise.all([1, 2].map(() => fill(settings)))
  assert.deepEqual(await remainingSeeds(settings, realmsOf(settings)), all)
  assert.equal((await settings.list('user/%2Falpha', 10)).keys.length, 1)
})

test('a filled store is left alone: what was removed does not come back', async () => {
  const settings = await newStore()
  await fill(settings)
  await settings.delete('client/%2Falpha/myClient')
  await fill(settings)
  assert.deepEqual(
    await remainingSeeds(settings, realmsOf(settings)),
    all.filter((seed) => seed !== 'client myClient of /alpha'),
  )
})

test('house: a store in use, or emptied of its demo, is not filled; one that a demo had begun is', async () => {
  const root = { path: '/', aliases: [], document: {} }
  const used = memoryStore(now)
  await createRealm(used, root)
  const stamp = used.changeCount()
  await assert.rejects(fill(used), /the store is in use and is no demo's/)
  assert.equal(used.changeCount(), stamp)

  const begun = await newStore()
  await markDemo(begun)
  await createRealm(begun, root)
  await fill(begun)
  assert.deepEqual(await remainingSeeds(begun, realmsOf(begun)), all)

  await removeDemo(begun, realmsOf(begun))
  await assert.rejects(fill(begun), /the store is in use/)
})

test('a credential counts until it is another one', async () => {
  const settings = await newStore()
  await fill(settings)
  const alpha = await realm(settings, '/alpha')
  const { sub } = (await findByUsername(alpha, 'demo')) ?? assert.fail()
  const give = async (password: string, secret: string): Promise<readonly string[]> => {
    await changeEndUser(alpha, sub, { password: await argon2Hash(password, random(16)) })
    const stored = (await readClient(alpha, 'myClient')) ?? assert.fail()
    const secrets = [await hashSecret(alpha, secret, false)]
    assert.ok(await writeClient(alpha, { ...stored.record, secrets }, stored))
    return remainingSeeds(settings, realmsOf(settings))
  }
  // The same password under another salt is the same password.
  assert.deepEqual(await give('Ch4ng31t', 'mySecret'), all)
  assert.deepEqual(await give('another one', 'mySecret'), all.slice(1))
  assert.deepEqual(await give('another one', 'another one'), all.slice(2))
})

test('house: a demo served elsewhere than before is come back to; clients that were removed stay away', async () => {
  const settings = await newStore()
  await fill(settings)
  const alpha = await realm(settings, '/alpha')
  const { version } = (await readClient(alpha, 'myClient')) ?? assert.fail()
  await settings.delete('client/%2Fbravo/myClient')
  await fill(settings)
  assert.equal((await readClient(alpha, 'myClient'))?.version, version, 'nothing is absent')

  const elsewhere = 'http://localhost:9090'
  await populateDemo(settings, realmsOf(settings), elsewhere)
  for (const client_id of ['myClient', 'myPublicClient']) {
    const { redirect_uris, post_logout_redirect_uris } =
      (await findClient(alpha, client_id)) ?? assert.fail()
    for (const each of [origin, elsewhere]) {
      assert.ok(redirect_uris.includes(`${each}/demo/callback`))
      assert.ok(post_logout_redirect_uris.includes(`${each}/demo`))
    }
  }
  assert.equal(await readClient(await realm(settings, '/bravo'), 'myClient'), undefined)
})

test('a store no demo wrote to is not asked for credentials', async () => {
  const settings = await copyOf(filled, 'realm', 'user/%2Falpha', 'username/%2Falpha')
  assert.deepEqual(await remainingSeeds(settings, realmsOf(settings)), [])
})

test('parapet remove-demo: what the demo made is gone, and the store is like any other', async () => {
  const settings = memoryStore(now)
  await fill(settings)
  const removed = await removeDemo(settings, realmsOf(settings))
  assert.deepEqual(
    removed,
    ['/alpha', '/bravo'].flatMap((path) => [
      `removed user demo of ${path}`,
      `removed client myClient of ${path}`,
      `removed client myPublicClient of ${path}`,
      `set the settings of ${path} to their defaults`,
    ]),
  )
  assert.equal((await realm(settings, '/bravo')).provider.codeVerifierEnforced, 'true')
  assert.deepEqual(await remainingSeeds(settings, realmsOf(settings)), [])
  const alpha = await realm(settings, '/alpha')
  assert.equal(await findByUsername(alpha, 'demo'), undefined)
  assert.equal(await readClient(alpha, 'myClient'), undefined)
  assert.deepEqual(await removeDemo(settings, realmsOf(settings)), [])
})

test('parapet remove-demo: settings that somebody has changed are left, and named', async () => {
  const settings = await newStore()
  await fill(settings)
  const bravo = await realm(settings, '/bravo')
  const stored = (await readRealm(bravo)) ?? assert.fail()
  const changed = { ...stored.record.document, parapetConfig: { issuerForm: 'fixed' } }
  assert.ok(await saveProvider(bravo, stored, changed))
  const done = await removeDemo(settings, realmsOf(settings))
  assert.equal(done.at(-1), "left the settings of /bravo, which are no longer the demo's")
  assert.deepEqual((await readRealm(bravo))?.record.document, changed)
})

/** The same shelf, where somebody saves a key of that name anew before each of the next removals. */
function savedBefore(store: Store, name: string, removals: number): Store {
  let left = removals
  return {
    ...store,
    async replace(key, version, value, expiry) {
      const stored = await store.get(key)
      if (stored !== undefined && value.length === 0 && key.endsWith(name) && left > 0) {
        left -= 1
        await store.replace(key, stored.version, stored.value, never)
      }
      return store.replace(key, version, value, expiry)
    },
  }
}

test('parapet remove-demo: a client saved meanwhile goes all the same, or the store stays marked', async () => {
  const settings = await newStore()
  await fill(settings)
  const busy = savedBefore(settings, '/myClient', 5)
  await assert.rejects(removeDemo(busy, realmsOf(busy)), /client myClient of \/alpha kept changing/)
  assert.ok((await remainingSeeds(settings, realmsOf(settings))).includes(all[1] ?? ''))
  const once = savedBefore(settings, '/myClient', 1)
  await removeDemo(once, realmsOf(once))
  const alpha = await realm(settings, '/alpha')
  assert.equal(await readClient(alpha, 'myClient'), undefined)
  assert.equal(await settings.get('demo'), undefined)
})
