import assert from 'node:assert/strict'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, before, type TestContext, test } from 'node:test'
import { needsRedis, type RedisServer, startRedis, until } from '../../../test/stores/redis.ts'
import { now } from '../../base/time.ts'
import { never, type Outcome, type Store, StoreUnavailable } from '../store.ts'
import { openShelf } from './opened.suite.ts'

const needed = needsRedis()
let server: RedisServer
before(async () => {
  if (needed.skip === undefined) server = await startRedis()
})
after(() => server?.close())

const value = Buffer.from('value')

let prefixes = 0
const opened = (t: TestContext, durability?: 'replica') => {
  prefixes += 1
  const prefix = `outage-${prefixes}`
  return openShelf(t, {
    ...{ url: server.url, prefix, shelf: 'records' as const, now },
    ...(durability !== undefined && { durability }),
  })
}

/** How an insert ended; `unknown` where the store could not say. */
async function insert(store: Store, key: string): Promise<Outcome | 'unknown'> {
  try {
    return await store.insert(key, value, never)
  } catch (error) {
    assert.ok(error instanceof StoreUnavailable, String(error))
    return 'unknown'
  }
}

test(
  'house: Redis killed under load and started again: nothing acknowledged is lost, and nothing is sent twice',
  needed,
  async (t) => {
    const store = await opened(t)
    const outcomes = new Map<string, Outcome | 'unknown'>()
    let going = true
    let next = 0
    const client = async (): Promise<void> => {
      while (going) {
        const key = `k${next++}`
        outcomes.set(key, await insert(store, key))
        if (outcomes.get(key) === 'unknown') await new Promise((wait) => setTimeout(wait, 5))
      }
    }
    const clients = Array.from({ length: 16 }, client)
    const won = (): number => [...outcomes.values()].filter((each) => each === 'won').length
    for (let kills = 0; kills < 3; kills += 1) {
      const before = won()
      await until(async () => won() > before + 200)
      await server.kill()
      await until(async () => store.failing())
      await assert.rejects(async () => store.get('k0'), StoreUnavailable)
      await server.restart()
      const restarted = won()
      await until(async () => won() > restarted)
    }
    going = false
    await Promise.all(clients)
    assert.equal(store.failing(), false)
    const counts = { lost: 0, won: 0, unknown: 0 }
    for (const [key, outcome] of outcomes) {
      counts[outcome as keyof typeof counts] += 1
      if (outcome === 'won') assert.equal((await store.get(key))?.value.toString(), 'value', key)
    }
    // A key that was inserted once can only be told that it lost if it was sent again.
    assert.equal(counts.lost, 0)
    assert.ok(counts.unknown > 0)
  },
)

test(
  'house: a Redis that does not answer fails every call in time, and no more than so many wait',
  needed,
  async (t) => {
    const store = await opened(t)
    await store.insert('k', value, never)
    server.signal('SIGSTOP')
    const calls = Array.from({ length: 10_000 }, async () => store.get('k'))
    const settled = Promise.allSettled(calls)
    await assert.rejects(async () => store.get('k'), /too many wait/)
    const answers = await settled
    assert.ok(
      answers.every(
        (each) => each.status === 'rejected' && each.reason instanceof StoreUnavailable,
      ),
    )
    server.signal('SIGCONT')
    await until(async () => (await store.get('k'))?.value.toString() === 'value')
  },
)

test(
  'house: a full Redis refuses writes and goes on reading, and says so until it has room',
  needed,
  async (t) => {
    const store = await opened(t)
    await store.insert('k', value, never)
    await server.ask('config', 'set', 'maxmemory', '1')
    t.after(() => server.ask('config', 'set', 'maxmemory', '0'))
    await assert.rejects(store.insert('l', value, never), StoreUnavailable)
    assert.equal(store.failing(), true)
    assert.equal((await store.get('k'))?.value.toString(), 'value')
    await server.ask('config', 'set', 'maxmemory', '0')
    assert.equal(await store.insert('l', value, never), 'won')
    assert.equal(store.failing(), false)
  },
)

test(
  'house: PARAPET_DURABILITY=replica: no write is answered while no replica has it',
  needed,
  async (t) => {
    const store = await opened(t, 'replica')
    await assert.rejects(store.insert('k', value, never), /no replica has it/)
    assert.equal(store.failing(), true)
    await server.ask('config', 'set', 'repl-diskless-sync-delay', '0')
    const replica = await startRedis({
      config: { replicaof: `${server.host} ${server.port}` },
    })
    t.after(() => replica.close())
    await until(async () => (await replica.ask('info', 'replication')).includes('link_status:up'))
    let tries = 0
    await until(async () => (await store.insert(`l${tries++}`, value, never)) === 'won')
    assert.equal(await replica.ask('dbsize'), await server.ask('dbsize'))
    assert.equal(store.failing(), false)
  },
)

test(
  'house: PARAPET_DURABILITY=replica: a write whose script Redis has forgotten waits for a replica too',
  needed,
  async (t) => {
    const store = await opened(t, 'replica')
    await server.ask('config', 'set', 'repl-diskless-sync-delay', '0')
    const replica = await startRedis({ config: { replicaof: `${server.host} ${server.port}` } })
    t.after(() => replica.close())
    let tries = 0
    await until(async () => (await store.insert(`k${tries++}`, value, never)) === 'won')
    await server.ask('script', 'flush')
    // So that a WAIT in front of the writes would be answered at once.
    await until(async () => {
      const info = await server.ask('info', 'replication')
      const [, own] = /master_repl_offset:(\d+)/.exec(info) ?? []
      return own !== undefined && info.includes(`,offset=${own},`)
    })
    replica.signal('SIGSTOP')
    const outcomes = await Promise.all(Array.from({ length: 5 }, (_, i) => insert(store, `l${i}`)))
    assert.deepEqual(new Set(outcomes), new Set(['unknown']))
    replica.signal('SIGCONT')
    await until(async () => (await store.insert(`k${tries++}`, value, never)) === 'won')
    await server.ask('script', 'flush')
    assert.equal(await insert(store, 'm'), 'won')
  },
)

test('house: what comes in one turn leaves in one piece', needed, async (t) => {
  const store = await opened(t)
  await store.insert('k', value, never)
  const [node] = store.nodes.masters()
  assert.ok(node)
  let pieces = 0
  const { stream } = node
  const { _write: write, _writev: writev } = stream
  assert.ok(writev)
  stream._write = (...given) => {
    pieces += 1
    write.apply(stream, given)
  }
  stream._writev = (chunks, done) => {
    pieces += 1
    writev.call(stream, chunks, done)
  }
  const commands = async (name: string): Promise<number> => {
    const stats = await server.ask('info', 'commandstats')
    return Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
  }
  const before = { mget: await commands('mget'), evalsha: await commands('evalsha') }
  const [gets, inserts] = [50, 50].map((length) => Array.from({ length }, (_, i) => `p${i}`))
  await Promise.all([
    ...(gets ?? []).map(async () => store.get('k')),
    ...(inserts ?? []).map((key) => store.insert(key, value, never)),
  ])
  assert.equal(pieces, 1)
  assert.equal((await commands('mget')) - before.mget, 1)
  assert.equal((await commands('evalsha')) - before.evalsha, 1)
})

test(
  'house: what is wrong with one of the verbs that leave together is nothing to the others',
  needed,
  async (t) => {
    const store = await opened(t)
    const at = `outage-${prefixes}:records:k:`
    // What no store has written: each verb that meets it fails by itself, and writes nothing.
    await server.ask('rpush', `${at}wrong`, 'a')
    assert.equal(await store.insert('there', value, never), 'won')
    const there = await store.get('there')
    const mark = { key: 'mark', expiry: never }
    const outcomes = await Promise.allSettled([
      store.insert('before', value, never, mark),
      store.insert('wrong', value, never),
      store.replace('wrong', 7, value, never),
      store.delete('wrong'),
      store.insert('marked', value, never, { key: 'wrong', expiry: never }),
      store.insert('after', value, never),
      store.insert('after', value, never),
      store.insert('again', value, never, mark),
      store.replace('there', there?.version ?? 0, Buffer.from('new'), never),
      store.delete('nothing'),
    ])
    assert.deepEqual(
      outcomes.map((each) =>
        each.status === 'fulfilled' ? each.value : /WRONGTYPE/.test(String(each.reason)),
      ),
      ['won', true, true, true, true, 'won', 'lost', 'spent', 'won', false],
    )
    assert.equal(await server.ask('lrange', `${at}wrong`, '0', '-1'), 'a')
    const values = await Promise.all(
      ['before', 'marked', 'after', 'again', 'there'].map(async (key) => store.get(key)),
    )
    assert.deepEqual(
      values.map((each) => each?.value.toString()),
      ['value', undefined, 'value', undefined, 'new'],
    )
  },
)

/** Stands before Redis, and cuts the connection of the next answer where `swallows` is set. */
async function cutter(t: TestContext) {
  const state = { swallows: false }
  const sockets = new Set<Socket>()
  const proxy = createServer((near) => {
    const far = connect(server.port, server.host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        for (const each of [near, far]) each.destroy()
      })
    }
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => {
      if (!state.swallows) return near.write(bytes)
      state.swallows = false
      return near.destroy()
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  return { state, url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
}

test(
  'house: a write whose answer is lost is unknown, was made once, and is never told that it lost to itself',
  needed,
  async (t) => {
    const { state, url } = await cutter(t)
    const store = await openShelf(t, { url, prefix: 'cut', shelf: 'records', now })
    await store.insert('before', value, never)
    state.swallows = true
    const outcomes = Promise.all(Array.from({ length: 20 }, (_, i) => insert(store, `k${i}`)))
    assert.deepEqual(new Set(await outcomes), new Set(['unknown']))
    state.swallows = false
    await until(async () => (await store.get('before')) !== undefined)
    assert.equal((await store.get('k0'))?.value.toString(), 'value')
    assert.equal(await store.insert('k0', value, never), 'lost')
  },
)
