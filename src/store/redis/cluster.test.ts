import { after, before } from 'node:test'
import { needsRedis } from '../../../test/stores/redis.ts'
import { type RedisCluster, startRedisCluster } from '../../../test/stores/redis-cluster.ts'
import { storeSuite } from '../store.suite.ts'
import { openerOf } from './opened.suite.ts'

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
