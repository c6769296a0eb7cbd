import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { needsRedis, type RedisServer, startRedis, until } from '../../../test/stores/redis.ts'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import type { Durability } from '../backend.ts'
import { openStores, type Stores } from '../index.ts'
import { never, StoreUnavailable } from '../store.ts'
import { openShelf } from './opened.suite.ts'

const needed = needsRedis()
let server: RedisServer
before(async () => {
  if (needed.skip === undefined) server = await startRedis()
})
after(() => server?.close())

const keyText = '8f3a91c04be7d265a1f8037e9c6d5b240fe1d2a3786954bc01ee9ad7f2c35b68'

const opened = (durability?: Durability, url = server.url): Promise<Stores> =>
  openStores({ url, durability, keyText, now, random })

/** Sets something for a test. */
async function set(t: TestContext, name: string, value: string): Promise<void> {
  const [, before = ''] = (await server.ask('config', 'get', name)).split('\n')
  await server.ask('config', 'set', name, value)
  t.after(() => server.ask('config', 'set', name, before))
}

test('house: a Redis that may evict what was used once is not served', needed, async (t) => {
  await set(t, 'maxmemory-policy', 'allkeys-lru')
  await assert.rejects(opened(), /set maxmemory-policy noeviction \(it is allkeys-lru\)/)
})

test(
  'house: PARAPET_DURABILITY=disk: the log is on the disk before an answer, or it is not served',
  needed,
  async (t) => {
    await (await opened('disk')).close()
    await set(t, 'appendfsync', 'everysec')
    await assert.rejects(opened('disk'), /set appendfsync always \(it is everysec\)/)
    await set(t, 'appendonly', 'no')
    await assert.rejects(opened('disk'), /set appendonly yes and appendfsync always/)
  },
)

test(
  'house: PARAPET_DURABILITY=disk: what CONFIG may not be asked for is not proven',
  needed,
  async (t) => {
    await server.ask('acl', 'setuser', 'half', 'on', '>half', '~*', '&*', '+@all', '-config')
    t.after(() => server.ask('acl', 'deluser', 'half'))
    const url = server.url.replace('://', '://half:half@')
    await assert.rejects(opened('disk', url), /cannot be proven: allow it/)
    await (await opened(undefined, url)).close()
    await assert.rejects(
      opened(undefined, url.replace('half@', 'wrong@')),
      ({ message }: Error) =>
        /^Redis refuses who asks: WRONGPASS/.test(message) && !/wrong@/.test(message),
    )
  },
)

test('house: PARAPET_DURABILITY=replica: without a replica it is not served', needed, async () => {
  await assert.rejects(opened('replica'), /no replica of it is online/)
})

test('house: where nothing is asked for, what may be lost is said once', needed, async (t) => {
  for (const [fsync, lost] of [
    ['always', /^nothing$/],
    ['everysec', /two seconds/],
  ] as const) {
    await set(t, 'appendfsync', fsync)
    const { value, events } = await withEvents(() => opened())
    await value.close()
    const said = events.filter(({ name }) => name === 'store.may_lose')
    assert.equal(said.length, 1)
    assert.match(String(said[0]?.fields.at_power_loss), lost)
  }
})

test(
  'house: a Redis that is set otherwise while it is served is not served on, until it is set right',
  needed,
  async (t) => {
    const stores = await opened()
    t.after(() => stores.close())
    await set(t, 'maxmemory-policy', 'allkeys-lru')
    const { events } = await withEvents(async () => {
      // It is looked at whenever it was reached anew.
      await server.ask('client', 'kill', 'type', 'normal', 'skipme', 'yes')
      await until(() =>
        stores.records.insert('k', Buffer.from('v'), never).then(
          () => false,
          (error: unknown) => error instanceof StoreUnavailable && /noeviction/.test(error.message),
        ),
      )
    })
    assert.equal(events.filter(({ name }) => name === 'store.unsafe').length, 1)
    await server.ask('config', 'set', 'maxmemory-policy', 'noeviction')
    await server.ask('client', 'kill', 'type', 'normal', 'skipme', 'yes')
    await until(async () => (await stores.records.insert('l', Buffer.from('v'), never)) === 'won')
  },
)

test(
  'house: a store that machines share has no key of its own, and what is no Redis is said to be none',
  needed,
  async () => {
    const { url } = server
    await assert.rejects(openStores({ url, now, random }), /PARAPET_KEY must be set/)
    await assert.rejects(
      opened(undefined, 'redis://127.0.0.1:1'),
      /no Redis answers there: .*ECONNREFUSED/,
    )
    await assert.rejects(
      opened(undefined, url.replace('redis:', 'redis+cluster:')),
      /no Redis answers there: .*cluster/,
    )
  },
)

test('house: the user that the guide gives Redis may all that is needed', needed, async (t) => {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/stores.md'), 'utf8')
  const [, rules = ''] = /^user parapet on >secret (.+)$/m.exec(guide) ?? []
  await server.ask('acl', 'setuser', 'parapet', 'on', '>secret', ...rules.split(/\s+/))
  t.after(() => server.ask('acl', 'deluser', 'parapet'))
  const stores = await opened('disk', server.url.replace('://', '://parapet:secret@'))
  t.after(() => stores.close())
  for (const shelf of [stores.settings, stores.records]) {
    await until(async () => (await shelf.changeCount()) !== undefined)
    assert.equal(await shelf.insert('f/k', Buffer.from('v'), never), 'won')
    assert.deepEqual((await shelf.list('f', 1)).keys, ['f/k'])
    assert.equal(await shelf.delete('f/k'), true)
  }
  await until(async () => typeof stores.settings.changeCount() === 'number')
  const shelf = await openShelf(t, {
    ...{ url: server.url.replace('://', '://parapet:secret@'), prefix: 'parapet' },
    ...{ shelf: 'records', now },
  })
  assert.ok((await shelf.walk(10)).records.length > 0)
  assert.equal(await shelf.nodes.masters()[0]?.wait(0, 1), 0)
})
