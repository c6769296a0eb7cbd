import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { Event } from '../../base/log.ts'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { openStores, type Stores } from '../index.ts'
import { never, StoreUnavailable } from '../store.ts'

const value = Buffer.from('value')

async function opened(t: TestContext, writer: 'here' | 'thread'): Promise<[Stores, string]> {
  const path = mkdtempSync(join(tmpdir(), 'parapet-watch-'))
  const stores = await openStores({ url: `sqlite:${path}`, now, random, writer })
  t.after(async () => {
    await stores.close()
    rmSync(path, { recursive: true, force: true })
  })
  await stores.records.insert('k', value, never)
  await stores.settings.insert('k', value, never)
  return [stores, path]
}

/** The next alarm of that name that is about this place. */
function alarmOf(t: TestContext, name: string, about: string): Promise<Event> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      const event = message as Event
      const place = String(event.fields.file ?? event.fields.place)
      if (event.level === 'alarm' && event.name === name && place.includes(about)) resolve(event)
    }
    subscribe('parapet', listen)
    t.after(() => unsubscribe('parapet', listen))
  })
}

const ways: Readonly<Record<string, (file: string) => void>> = {
  deleted: (file) => rmSync(file),
  'moved away': (file) => renameSync(file, `${file}.away`),
  replaced(file) {
    copyFileSync(file, `${file}.new`)
    renameSync(`${file}.new`, file)
  },
}

for (const writer of ['here', 'thread'] as const) {
  for (const name of [
    'records.db',
    'records.db-wal',
    'records.db-shm',
    'records.mark',
    'settings.db',
  ]) {
    for (const [how, spoil] of Object.entries(ways)) {
      test(`stores, written ${writer}: ${name} is ${how} beneath them: an alarm, and no write is promised`, async (t) => {
        const [stores, path] = await opened(t, writer)
        const shelf = name.startsWith('records') ? stores.records : stores.settings
        assert.equal(shelf.damaged(), false)
        const alarm = alarmOf(t, 'store.replaced', join(path, name))
        spoil(join(path, name))
        await alarm
        assert.equal(shelf.damaged(), true)
        await assert.rejects(shelf.insert('l', value, never), StoreUnavailable)
        await assert.rejects(async () => shelf.get('k'), StoreUnavailable)
        await assert.rejects(shelf.list('f', 10), StoreUnavailable)
        await assert.rejects(async () => shelf.changeCount(), StoreUnavailable)
      })
    }
  }
}

test('stores: a value that does not open is damage: an alarm, once, and no bug', async (t) => {
  const [stores, path] = await opened(t, 'here')
  await stores.records.insert('other', value, never)
  const db = new DatabaseSync(join(path, 'records.db'))
  db.exec("UPDATE records SET value = zeroblob(length(value)) WHERE key = 'other'")
  db.close()
  const alarm = alarmOf(t, 'store.damaged', 'records')
  await assert.rejects(async () => stores.records.get('other'), StoreUnavailable)
  assert.match(String((await alarm).fields.reason), /the value of other is sealed under an unknown/)
  assert.equal(stores.records.damaged(), true)
  assert.equal(stores.settings.damaged(), false)
  assert.deepEqual((await stores.records.get('k'))?.value, value)
})
