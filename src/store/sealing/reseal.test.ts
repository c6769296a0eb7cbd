import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { random } from '../../base/random.ts'
import type { StoresOptions } from '../backend.ts'
import { openStores, type Stores } from '../index.ts'
import { never } from '../store.ts'
import { resealStores } from './reseal.ts'

const [old, next] = [1, 2].map((version) => `${version}:${random(32).toString('hex')}`)
const start = 1_800_000_000

test('house: a store is sealed anew under the first key, and does without the one before; nothing else changes', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'parapet-reseal-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const clock = { now: start }
  const under = (keyText: string): StoresOptions => {
    const now = (): number => clock.now
    return { url: `sqlite:${directory}`, keyText, now, random, writer: 'here' }
  }
  const within = async <T>(keyText: string, use: (stores: Stores) => Promise<T>): Promise<T> => {
    const stores = await openStores(under(keyText))
    try {
      return await use(stores)
    } finally {
      await stores.close()
    }
  }
  const both = `${next},${old}`
  const count = 450
  await within(String(old), async ({ settings, records }) => {
    for (let i = 0; i < count; i++) void settings.insert(`a/b/${i}`, Buffer.from(`a ${i}`), never)
    void settings.insert('turn', Buffer.from('short'), start + 30)
    void records.insert('0000000000ff00', Buffer.from('grant'), start + 100)
    await records.insert('spent', Buffer.alloc(0), start + 100)
  })
  await assert.rejects(
    within(String(next), async () => undefined),
    /version 1, .* is not given/,
  )
  // A server runs on meanwhile.
  await within(both, async ({ settings }) => {
    await settings.insert('new', Buffer.from('new'), never)
    const [first, before] = await resealStores(under(both))
    assert.deepEqual(first, { version: 2, settings: count + 2, records: 1 })
    assert.deepEqual(before, { version: 1, settings: 0, records: 0 })
    assert.equal((await settings.get('a/b/7'))?.value.toString(), 'a 7')
  })
  await within(both, async () => undefined)
  await within(String(next), async ({ settings, records }) => {
    for (const i of [0, 199, 200, count - 1])
      assert.equal((await settings.get(`a/b/${i}`))?.value.toString(), `a ${i}`)
    assert.equal((await records.get('0000000000ff00'))?.value.toString(), 'grant')
    assert.equal((await settings.get('turn'))?.value.toString(), 'short')
    clock.now = start + 101
    assert.equal(await records.get('0000000000ff00'), undefined, 'it ends when it was to end')
    assert.equal(await settings.get('turn'), undefined)
  })
  await within(`${old},${next}`, async ({ settings }) => {
    await settings.insert('again', Buffer.from('by the first'), never)
  })
  await assert.rejects(
    within(String(next), async () => undefined),
    /version 1, .* is not given/,
  )
})
