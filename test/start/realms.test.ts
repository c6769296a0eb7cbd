import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from '../../src/base/random.ts'
import { now } from '../../src/base/time.ts'
import { realmKey } from '../../src/realm/realm.ts'
import { allRealms, createRealm } from '../../src/realm/realms.ts'
import { removeRealm } from '../../src/realm/removal.ts'
import type { Stores } from '../../src/store/index.ts'
import { openStores } from '../../src/store/index.ts'
import { never, type Store } from '../../src/store/store.ts'
import { startServer } from '../server.ts'
import { directory } from './refused.ts'

async function paths(settings: Store): Promise<readonly string[]> {
  return (await allRealms(settings)).map(({ record }) => record.path)
}

/** Starts a server on the directory, and stops it. */
async function started(data: string, demo: boolean): Promise<void> {
  await (await startServer({ demo, data })).stop()
}

async function opened<T>(data: string, use: (stores: Stores) => Promise<T>): Promise<T> {
  const stores = await openStores({ url: `sqlite:${data}`, now, random })
  try {
    return await use(stores)
  } finally {
    await stores.close()
  }
}

for (const demo of [false, true])
  test(`C-37 a realm that was removed is not found again after a restart${demo ? ', the demo’s neither' : ''}`, async (t) => {
    const data = await directory(t)
    await started(data, demo)
    await opened(data, async ({ settings }) => {
      assert.deepEqual(await paths(settings), ['/', '/alpha', '/bravo'])
      assert.equal(await removeRealm(settings, '/alpha'), 'removed')
    })
    await started(data, demo)
    await opened(data, async ({ settings }) => {
      assert.deepEqual(await paths(settings), ['/', '/bravo'])
    })
  })

test('C-37 a removal that was cut short is ended by the next start, and the realm is not made anew', async (t) => {
  const data = await directory(t)
  await started(data, false)
  await opened(data, async ({ settings }) => {
    const { value, version } = (await settings.get(realmKey('/alpha'))) ?? assert.fail()
    const marked = Buffer.from(JSON.stringify({ ...JSON.parse(value.toString()), removed: true }))
    assert.equal(await settings.replace(realmKey('/alpha'), version, marked, never), 'won')
  })
  await started(data, false)
  await opened(data, async ({ settings }) => {
    assert.equal(await settings.get(realmKey('/alpha')), undefined)
    assert.deepEqual(await paths(settings), ['/', '/bravo'])
  })
})

test('C-37 a first start that was cut short between the realms is taken up by the next one', async (t) => {
  const data = await directory(t)
  await opened(data, ({ settings }) =>
    createRealm(settings, { path: '/alpha', aliases: [], document: {} }),
  )
  await started(data, false)
  await opened(data, async ({ settings }) => {
    assert.deepEqual(await paths(settings), ['/', '/alpha', '/bravo'])
  })
})
