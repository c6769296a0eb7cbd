import assert from 'node:assert/strict'
import { hkdfSync } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { random } from '../base/random.ts'
import { now } from '../base/time.ts'
import { openStores, type Stores } from './index.ts'
import { never } from './store.ts'

const first = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'
const second = 'c1d45e90a7f2b3688e0d19f4576ab2c37d80e6f9431b5ca2907fe8d365412abc'
const value = Buffer.from('a value nobody may read')

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-stores-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return join(path, 'data')
}

async function opened(t: TestContext, path: string, keyText?: string): Promise<Stores> {
  const stores = await openStores({ url: `sqlite:${path}`, keyText, now, random, writer: 'here' })
  t.after(() => stores.close())
  return stores
}

function files(path: string): string[] {
  return ['settings.db', 'records.db'].map((name) => readFileSync(join(path, name), 'latin1'))
}

test('stores: settings and records lie sealed in two files of a closed directory', async (t) => {
  const path = directory(t)
  const stores = await opened(t, path)
  await stores.settings.insert('clients/a', value, never)
  await stores.records.insert('r', value, never)
  assert.equal(await stores.records.get('clients/a'), undefined)
  await stores.close()
  assert.equal(statSync(path).mode & 0o777, 0o700)
  for (const name of ['settings.db', 'records.db', 'parapet.key']) {
    assert.equal(statSync(join(path, name)).mode & 0o777, 0o600, name)
  }
  const [settings = '', records = ''] = files(path)
  assert.ok(settings.includes('clients/a') && !records.includes('clients/a'))
  assert.ok(!settings.includes('nobody') && !records.includes('nobody'))
  const again = await opened(t, path)
  assert.deepEqual((await again.settings.get('clients/a'))?.value, value)
  assert.deepEqual((await again.records.get('r'))?.value, value)
})

test('stores: records whose settings are gone are not given new ones', async (t) => {
  const path = directory(t)
  const stores = await opened(t, path)
  await stores.settings.insert('clients/a', value, never)
  await stores.records.insert('r', value, never)
  await stores.close()
  const settings = join(path, 'settings.db')
  for (const spoil of [() => truncateSync(settings), () => unlinkSync(settings)]) {
    spoil()
    await assert.rejects(opened(t, path), /settings\.db is missing or empty/)
  }
  assert.equal(existsSync(settings), false)
  unlinkSync(join(path, 'records.db'))
  await assert.rejects(opened(t, path), /settings\.db is missing or empty, but .*settings\.mark/)
  for (const name of ['settings.mark', 'records.mark']) unlinkSync(join(path, name))
  assert.equal(await (await opened(t, path)).settings.get('clients/a'), undefined)
})

test('stores: a lost key file or a wrong key refuses to start and changes nothing', async (t) => {
  const path = directory(t)
  await (await opened(t, path)).close()
  const key = readFileSync(join(path, 'parapet.key'), 'utf8')
  const before = files(path)
  await assert.rejects(opened(t, path, first), /version 1 is not the key with which the settings/)
  await assert.rejects(opened(t, path, `2:${first}`), /version 1, with which .* is not given/)
  await assert.rejects(opened(t, path, `2:${first},1:${second}`), /version 1 is not the key/)
  unlinkSync(join(path, 'parapet.key'))
  await assert.rejects(opened(t, path), /parapet\.key is missing/)
  assert.deepEqual(files(path), before)
  await (await opened(t, path, key)).close()
})

/** Passphrases that look like lists. A version before read each whole, and sealed with it. */
const phrases = [
  'correct horse battery, 12:30 staple and a clip',
  '12:30 correct horse battery staple, and a clip',
  'correct horse, battery: 7, 1:2 staple and a clip',
  'correct horse battery\n1000:staple and a paper clip',
  '1000:correct horse battery staple and a paper clip',
]

for (const phrase of phrases) {
  test(`stores: ${JSON.stringify(phrase)} opens what it sealed, and seals nothing new`, async (t) => {
    const path = directory(t)
    const refusal =
      /^PARAPET_KEY: (key \d of \d is not <version>:<key>|a key version is|key version 12 is shorter)/
    const isRefusal = ({ message }: Error): boolean => refusal.test(message)
    await assert.rejects(opened(t, path, phrase), isRefusal)
    assert.equal(existsSync(join(path, 'settings.db')), false)
    await assert.rejects(openStores({ url: 'memory:', keyText: phrase, now, random }), isRefusal)
    const material = hkdfSync('sha256', Buffer.from(phrase), 'parapet', 'passphrase', 32)
    const sealed = await opened(t, path, Buffer.from(material).toString('hex'))
    await sealed.settings.insert('a', value, never)
    await sealed.close()
    const again = await opened(t, path, ` ${phrase}\n`)
    assert.deepEqual((await again.settings.get('a'))?.value, value)
    await again.close()
    await assert.rejects(opened(t, path, `${phrase}!`), isRefusal)
  })
}

test('stores: a new key version takes over while the old one still opens', async (t) => {
  const path = directory(t)
  const old = await opened(t, path, first)
  await old.settings.insert('a', value, never)
  // Told of the new key, but still writing with the old: what a rolling change begins with.
  const waiting = await opened(t, path, `1:${first},2:${second}`)
  const rotated = await opened(t, path, `2:${second},1:${first}`)
  assert.deepEqual((await rotated.settings.get('a'))?.value, value)
  await rotated.settings.insert('b', value, never)
  assert.deepEqual((await waiting.settings.get('b'))?.value, value)
  await waiting.settings.insert('c', value, never)
  assert.deepEqual((await old.settings.get('c'))?.value, value)
  await assert.rejects(opened(t, path, `2:${second}`), /version 1, with which .* is not given/)
  await assert.rejects(opened(t, path, first), /version 2, with which .* is not given/)
})

test('stores: two that begin at once agree on a key, whoever makes it', async (t) => {
  const path = directory(t)
  const [a, b] = await Promise.all([opened(t, path), opened(t, path)])
  await a.records.insert('k', value, never)
  assert.deepEqual((await b.records.get('k'))?.value, value)
})

test('stores: memory keeps both shelves apart, under a given key or one of its own', async (t) => {
  for (const keyText of [undefined, first]) {
    const stores = await openStores({ url: 'memory:', keyText, now, random })
    t.after(() => stores.close())
    await stores.records.insert('k', value, never)
    assert.deepEqual((await stores.records.get('k'))?.value, value)
    assert.equal(await stores.settings.get('k'), undefined)
  }
})

for (const url of [
  '',
  'data',
  'mysql://user:secret@host',
  'constructor:x',
  'sqlite:',
  'sqlite://',
]) {
  test(`stores: an unusable URL tells what there is: ${JSON.stringify(url)}`, async () => {
    await assert.rejects(openStores({ url, now, random }), (error: Error) => {
      assert.match(error.message, /sqlite:/)
      assert.ok(!error.message.includes('secret'))
      return true
    })
  })
}
