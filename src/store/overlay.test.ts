import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allKeysIn } from './keys-in.ts'
import { memoryStore } from './memory/memory.ts'
import { overlay } from './overlay.ts'
import { races } from './races.suite.ts'
import { never } from './store.ts'
import { marks, start, verbs } from './verbs.suite.ts'

/** What is swept and closed is the shelf below, not what lies over it. */
const ofTheShelfBelow = /^sweep |^a closed store /

for (const [title, check] of Object.entries({ ...verbs, ...marks, ...races })) {
  if (ofTheShelfBelow.test(title)) continue
  test(`overlay: ${title}`, async () => {
    const clock = { now: start, lag: 0 }
    const now = (): number => clock.now
    await check({ store: overlay(memoryStore(now), now).store, clock })
  })
}

const bytes = (text: string): Buffer => Buffer.from(text)

async function shelf() {
  const below = memoryStore(() => 1)
  for (const name of ['a', 'c', 'e']) await below.insert(`f/${name}`, bytes(name), never)
  return { below, ...overlay(below, () => 1) }
}

test('overlay: what is written over a shelf is read and listed, and the shelf below stays as it was', async () => {
  const { below, store } = await shelf()
  const a = await store.get('f/a')
  assert.ok(a)
  assert.equal(await store.replace('f/a', a.version, bytes('A'), never), 'won')
  assert.equal(await store.replace('f/a', a.version, bytes('B'), never), 'lost')
  assert.equal(await store.insert('f/b', bytes('b'), never), 'won')
  assert.equal(await store.insert('f/c', bytes('x'), never), 'lost')
  assert.equal(await store.delete('f/e'), true)
  assert.equal(await store.delete('f/e'), false)
  assert.deepEqual(await allKeysIn(store, 'f'), ['f/a', 'f/b', 'f/c'])
  assert.equal(String((await store.get('f/a'))?.value), 'A')
  assert.deepEqual(await allKeysIn(below, 'f'), ['f/a', 'f/c', 'f/e'])
  assert.equal(String((await below.get('f/a'))?.value), 'a')
})

test('overlay: pages of any size together are every key once, in order', async () => {
  const { store } = await shelf()
  for (const name of ['b', 'd', 'f', 'g']) await store.insert(`f/${name}`, bytes(name), never)
  await store.delete('f/c')
  for (const limit of [1, 2, 3, 6, 7]) {
    const found: string[] = []
    let cursor: string | undefined
    do {
      const page = await store.list('f', limit, cursor)
      found.push(...page.keys)
      cursor = page.cursor
    } while (cursor !== undefined)
    assert.deepEqual(found.join(' '), 'f/a f/b f/d f/e f/f f/g', String(limit))
  }
})

test('overlay: what was written as it stood is no change, and keeps the version it had', async () => {
  const { below, store, settle } = await shelf()
  const before = await store.get('f/a')
  assert.ok(before)
  await store.replace('f/a', before.version, bytes('a'), never)
  await store.insert('f/new', bytes('n'), never)
  await store.delete('f/new')
  assert.equal(settle(), false)
  assert.equal((await store.get('f/a'))?.version, (await below.get('f/a'))?.version)
  await store.replace('f/a', before.version, bytes('b'), never)
  assert.equal(settle(), true)
  assert.equal(settle(), false)
  assert.equal(String((await store.get('f/a'))?.value), 'b')
})

test('overlay: what a caller takes for the same is no change either', async () => {
  const below = memoryStore(() => 1)
  await below.insert('f/a', bytes('a b'), never)
  const words = (value: Buffer): string => String(value).split(' ').sort().join(' ')
  const same = (one: Buffer, other: Buffer): boolean => words(one) === words(other)
  const { store, settle } = overlay(below, () => 1, same)
  const { version } = (await store.get('f/a')) ?? assert.fail()
  await store.replace('f/a', version, bytes('b a'), never)
  assert.equal(settle(), false)
  assert.equal((await store.get('f/a'))?.version, version)
  await store.replace('f/a', version, bytes('b c'), never)
  assert.equal(settle(), true)
})
