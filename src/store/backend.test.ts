import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { needsPostgres, type PostgresServer, startPostgres } from '../../test/stores/postgres.ts'
import { needsRedis, type RedisServer, startRedis } from '../../test/stores/redis.ts'
import { random } from '../base/random.ts'
import type { Ready } from '../base/ready.ts'
import { now } from '../base/time.ts'
import { acceptStores } from './accept.ts'
import { backends, located, openStores, shownUrl, storeIsThere, storeUrls } from './index.ts'
import { never } from './store.ts'

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'parapet-backend-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Servers that tests share, started by the first that needs one. */
const started: { redis?: Promise<RedisServer>; postgres?: Promise<PostgresServer> } = {}
after(async () => {
  await (await started.redis)?.close()
  await (await started.postgres)?.close()
})

let prefixes = 0

/** A place in a Redis of its own keys. */
async function placeInRedis(): Promise<string> {
  started.redis ??= startRedis()
  prefixes += 1
  return `${(await started.redis).url.slice('redis:'.length)}?prefix=test-${prefixes}`
}

/** A schema of a PostgreSQL. */
async function placeInPostgres(): Promise<string> {
  started.postgres ??= startPostgres()
  prefixes += 1
  return `${(await started.postgres).url.slice('postgres:'.length)}?schema=test_${prefixes}`
}

/** A place of each kind that is free; a new kind needs one here. */
const places: Readonly<Record<string, (t: TestContext) => Ready<string>>> = {
  sqlite: (t) => join(directory(t), 'data'),
  memory: () => '',
  redis: placeInRedis,
  postgres: placeInPostgres,
}

/** What a kind of store needs that may be missing here. */
const needed: Readonly<Record<string, { readonly skip?: string }>> = {
  redis: needsRedis(),
  postgres: needsPostgres(),
}

const keyText = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'

for (const { scheme, durable, shared } of backends) {
  const opened = async (t: TestContext, url: string) => {
    const stores = await openStores({ url, now, random, keyText, writer: 'here' })
    t.after(() => stores.close())
    return stores
  }
  const urlOf = async (t: TestContext): Promise<string> => `${scheme}:${await places[scheme]?.(t)}`
  const needs = needed[scheme] ?? {}

  test(
    `house: a store by ${scheme}: outlives the process exactly if its row promises that`,
    needs,
    async (t) => {
      const url = await urlOf(t)
      assert.equal(await storeIsThere({ url }), false, 'and looking makes nothing')
      assert.equal(await storeIsThere({ url }), false)
      const before = await opened(t, url)
      await before.records.insert('k', Buffer.from('value'), never)
      await before.close()
      const outlives = durable.length > 0
      assert.equal(await storeIsThere({ url }), outlives)
      const after = await opened(t, url)
      assert.equal((await after.records.get('k'))?.value.toString(), outlives ? 'value' : undefined)
    },
  )

  test(
    `house: a store by ${scheme}: is one for several who open it exactly if its row promises that`,
    needs,
    async (t) => {
      const url = await urlOf(t)
      const [first, second] = [await opened(t, url), await opened(t, url)]
      await first.records.insert('k', Buffer.from('value'), never)
      assert.equal((await second.records.get('k'))?.value.toString(), shared ? 'value' : undefined)
      assert.equal(
        await second.records.insert('k', Buffer.from('other'), never),
        shared ? 'lost' : 'won',
      )
    },
  )

  test(`house: a store by ${scheme}: has a folder of its own, whose verbs are held to the contract`, () => {
    const files = readdirSync(join(import.meta.dirname, scheme))
    const suites = files
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(import.meta.dirname, scheme, name), 'utf8'))
    assert.ok(suites.some((text) => /^\s*storeSuite\(/m.test(text)))
  })
}

test('house: whoever names an unknown store is told of each there is, and so is who reads the guide', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/stores.md'), 'utf8')
  for (const url of storeUrls) {
    assert.throws(
      () => located('mysql://user:secret@host'),
      ({ message }: Error) => message.includes(url) && !message.includes('secret'),
    )
    assert.ok(guide.includes(`\`${url}\``), url)
  }
})

test('house: what follows the scheme is looked at by its kind of store, and nothing is made', async (t) => {
  const file = join(directory(t), 'file')
  writeFileSync(file, '')
  const wrong: Readonly<Record<string, RegExp>> = {
    'sqlite:': /needs a directory/,
    'sqlite://': /needs a directory/,
    [`sqlite:${file}`]: /must be a directory, and .*file is a file/,
    [`sqlite:${file}/data`]: /must be a directory, and .*file is a file/,
    'memory:here': /has nothing behind it/,
    'postgres:here': /must be postgres:/,
    'postgresql://host/db?schema=A': /a schema is at most/,
    'postgres://as:secret@host:x/db': /a host is/,
    'postgres://host/db?sslmode=some': /sslmode is/,
    'postgres://host/db?sll=require': /there is no parameter sll/,
    'redis:here': /needs \/\/\[user/,
    'redis://host/name': /a database is a number/,
    'redis+cluster://a,b/1': /has no databases/,
    'redis+sentinel://a,b': /needs the name of the master/,
  }
  for (const [url, reason] of Object.entries(wrong)) {
    await assert.rejects(storeIsThere({ url }), reason)
    await assert.rejects(acceptStores({ url, now, random }, false), reason)
    await assert.rejects(openStores({ url, now, random }), reason)
  }
})

test('house: settings and records may be kept apart, and each kind of store that holds one of them is asked for it', async (t) => {
  const [first, second] = [directory(t), directory(t)]
  const url = `sqlite:${join(first, 'data')}`
  const settingsUrl = `sqlite:${join(second, 'data')}`
  const options = { url, settingsUrl, now, random, writer: 'here' as const }
  assert.equal(await storeIsThere(options), false)
  for (const round of ['first', 'again']) {
    const stores = await openStores(options)
    const outcome = round === 'first' ? 'won' : 'lost'
    assert.equal(await stores.settings.insert('s', Buffer.from('value'), never), outcome)
    assert.equal(await stores.records.insert('r', Buffer.from('value'), never), outcome)
    assert.equal(await stores.records.get('s'), undefined)
    await stores.close()
  }
  assert.deepEqual(
    [first, second].map((each) =>
      readdirSync(join(each, 'data')).filter((name) => /db$/.test(name)),
    ),
    [['records.db'], ['settings.db']],
  )
  assert.equal(await storeIsThere(options), true)
  await assert.rejects(openStores({ ...options, settingsUrl: 'memory:' }), /settings and records/)
})

test('house: what a store cannot promise it is not opened for', async (t) => {
  const url = `sqlite:${directory(t)}`
  await (await openStores({ url, durability: 'disk', now, random, writer: 'here' })).close()
  for (const wrong of [
    { url, durability: 'replica' as const },
    { url: 'memory:', durability: 'disk' as const },
  ])
    await assert.rejects(openStores({ ...wrong, now, random }), /cannot promise PARAPET_DURABILITY/)
})

test('house: a URL is shown without its password', () => {
  const shown: Readonly<Record<string, string>> = {
    'sqlite:./data': 'sqlite:./data',
    'postgres://as:secret@host:5432/db': 'postgres://as@host:5432/db',
    'redis://:secret@host/0': 'redis://@host/0',
    'redis+cluster://as:se:cr@a:1,b:2': 'redis+cluster://as@a:1,b:2',
  }
  for (const [url, text] of Object.entries(shown)) assert.equal(shownUrl(url), text)
})
