import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { needsRedis, until } from '../../../test/stores/redis.ts'
import { type RedisSentinel, startRedisSentinel } from '../../../test/stores/redis-sentinel.ts'
import { now } from '../../base/time.ts'
import { storeSuite } from '../store.suite.ts'
import { never, StoreUnavailable } from '../store.ts'
import { openerOf, openShelf } from './opened.suite.ts'

const needed = needsRedis()
let sentinel: RedisSentinel | undefined
const url = (): string => sentinel?.url ?? ''

before(async () => {
  if (needed.skip === undefined) sentinel = await startRedisSentinel()
})
after(() => sentinel?.close())

const itself = { ...needed, sweptByItself: true }
storeSuite('redis sentinel, settings', openerOf('settings', url), itself)
storeSuite('redis sentinel, records', openerOf('records', url), { ...itself, uncounted: true })

test(
  'house: when the master is killed the store goes on with the one that Sentinels name, and has what a replica had',
  needed,
  async (t) => {
    const options = { url: url(), prefix: 'failover', shelf: 'settings' as const, now }
    const store = await openShelf(t, { ...options, durability: 'replica' })
    assert.equal(await store.insert('k', Buffer.from('value'), never), 'won')
    await sentinel?.master.kill()
    await assert.rejects(async () => store.get('k'), StoreUnavailable)
    const value = async (): Promise<string | undefined> => (await store.get('k'))?.value.toString()
    await until(async () => (await value()) === 'value')
    // No replica is left that could have it.
    await assert.rejects(store.insert('l', Buffer.from('value'), never), /no replica has it/)
  },
)
