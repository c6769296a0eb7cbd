import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { needsRedis, until } from '../../../test/stores/redis.ts'
import { type RedisCluster, startRedisCluster } from '../../../test/stores/redis-cluster.ts'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { openStores } from '../index.ts'
import { storeSuite } from '../store.suite.ts'
import { never, StoreUnavailable } from '../store.ts'
import { layoutOf, slotOf } from './layout.ts'
import { openerOf, openShelf } from './opened.suite.ts'

const needed = needsRedis()
let cluster: RedisCluster | undefined
const url = (): string => cluster?.url ?? ''

before(async () => {
  if (needed.skip === undefined) cluster = await startRedisCluster()
})
after(() => cluster?.close())

const itself = { ...needed, sweptByItself: true }
storeSuite('redis cluster, settings', openerOf('settings', url), itself)
storeSuite('redis cluster, records', openerOf('records', url), { ...itself, uncounted: true })

test(
  'house: a node of a cluster has the keys of the slots that are reckoned here',
  needed,
  async () => {
    const [node] = cluster?.nodes ?? []
    for (const key of ['k', 'p:records:f:{/a/b}/c', '{p:settings}:k:a', 'a{}b'])
      assert.equal(await node?.ask('cluster', 'keyslot', key), String(slotOf(key)))
  },
)

test(
  'house: one node of a cluster is not taken for a server that has all keys',
  needed,
  async () => {
    const [node] = cluster?.nodes ?? []
    const options = {
      url: node?.url ?? '',
      keyText: 'abcdefghijklmnopqrstuvwxyz0123456789',
      now,
      random,
    }
    await assert.rejects(openStores(options), /its URL begins with redis\+cluster:/)
  },
)

test(
  'house: a mark that lies in another slot is spent first, and one winner is told',
  needed,
  async (t) => {
    const store = await openShelf(t, { url: url(), prefix: 'marks', shelf: 'records', now })
    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        store.insert(`k${i}`, Buffer.from('value'), never, { key: 'mark', expiry: never }),
      ),
    )
    assert.deepEqual([...outcomes].sort(), [...Array<string>(63).fill('spent'), 'won'])
    const there = await Promise.all(outcomes.map(async (_, i) => store.get(`k${i}`)))
    assert.deepEqual(
      there.map((each) => each !== undefined),
      outcomes.map((each) => each === 'won'),
    )
  },
)

test('house: a slot that moved is followed, and nothing is told twice', needed, async (t) => {
  const [from, to] = cluster?.nodes ?? []
  assert.ok(from && to)
  const store = await openShelf(t, { url: url(), prefix: 'moved', shelf: 'records', now })
  const names = Array.from({ length: 5000 }, (_, i) => `k${i}`)
  const layout = layoutOf({ prefix: 'moved', db: 0 }, 'records')
  const key = names.find((name) => slotOf(layout.of(name)) < 5461) ?? ''
  const slot = String(slotOf(layout.of(key)))
  const [fromId, toId] = [await from.ask('cluster', 'myid'), await to.ask('cluster', 'myid')]
  assert.equal(await store.insert(key, Buffer.from('value'), never), 'won')
  // On its way: what is not there yet is asked for at the other one.
  await to.ask('cluster', 'setslot', slot, 'importing', fromId)
  await from.ask('cluster', 'setslot', slot, 'migrating', toId)
  assert.equal((await store.get(key))?.value.toString(), 'value')
  await from.ask('migrate', to.host, String(to.port), layout.of(key), '0', '1000')
  assert.equal(await store.insert(key, Buffer.from('other'), never), 'lost')
  for (const node of [to, from]) await node.ask('cluster', 'setslot', slot, 'node', toId)
  const stored = await store.get(key)
  assert.equal(stored?.value.toString(), 'value')
  assert.equal(await store.replace(key, stored?.version ?? 0, Buffer.from('new'), never), 'won')
})

test(
  'house: a master that is killed is replaced by its replica, and the store goes on by itself',
  needed,
  async (t) => {
    const [master] = cluster?.nodes ?? []
    const store = await openShelf(t, { url: url(), prefix: 'failover', shelf: 'records', now })
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => store.insert(`k${i}`, Buffer.from('value'), never)),
    )
    const told = (): Promise<readonly unknown[]> =>
      Promise.all(
        Array.from({ length: 60 }, async (_, i) => {
          try {
            return (await store.get(`k${i}`))?.value.toString()
          } catch (error) {
            return error
          }
        }),
      )
    await master?.kill()
    const during = await told()
    assert.ok(during.some((each) => each instanceof StoreUnavailable))
    assert.ok(during.includes('value'), 'other masters go on')
    await until(async () => (await told()).every((each) => each === 'value'))
    await until(async () => (await store.insert('new', Buffer.from('value'), never)) === 'won')
  },
)
