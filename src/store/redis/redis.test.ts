import { after, before } from 'node:test'
import { needsRedis, type RedisServer, startRedis } from '../../../test/stores/redis.ts'
import { random } from '../../base/random.ts'
import { storeSuite } from '../store.suite.ts'
import { connected } from './nodes.ts'
import { placeOf } from './place.ts'
import { redisStore } from './redis.ts'

let server: RedisServer
before(async () => {
  if (needsRedis().skip === undefined) server = await startRedis()
})
after(() => server?.close())
let n = 0
for (const shelf of ['settings', 'records'] as const)
  storeSuite(
    `redis ${shelf}`,
    async (now, t, sweepable) => {
      const place = placeOf(`${server.url}?prefix=p${++n}`)
      const nodes = await connected(place)
      const store = redisStore({
        nodes,
        prefix: place.prefix,
        shelf,
        replicated: false,
        now,
        sweepable,
        random,
      })
      t.after(async () => {
        await store.close()
        nodes.close()
      })
      return store
    },
    { sweptByItself: true },
  )
