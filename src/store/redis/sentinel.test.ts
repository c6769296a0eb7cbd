import { after, before } from 'node:test'
import { needsRedis } from '../../../test/stores/redis.ts'
import { type RedisSentinel, startRedisSentinel } from '../../../test/stores/redis-sentinel.ts'
import { storeSuite } from '../store.suite.ts'
import { openerOf } from './opened.suite.ts'

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
