import { after, before } from 'node:test'
import { needsRedis, type RedisServer, startRedis } from '../../../test/stores/redis.ts'
import { storeSuite } from '../store.suite.ts'
import { openerOf } from './opened.suite.ts'

const needed = needsRedis()
let server: RedisServer | undefined
const url = (): string => server?.url ?? ''

before(async () => {
  if (needed.skip === undefined) server = await startRedis()
})
after(() => server?.close())

const itself = { ...needed, sweptByItself: true }
storeSuite('redis, settings', openerOf('settings', url), itself)
storeSuite('redis, records', openerOf('records', url), { ...itself, uncounted: true })
