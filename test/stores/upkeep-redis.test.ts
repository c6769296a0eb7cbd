import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { needsRedis, type RedisServer, startRedis } from './redis.ts'
import { movesThereAndBack, resealed, restoredIsRefused } from './upkeep.ts'

const needed = needsRedis()
let redis: RedisServer

before(async () => {
  if (!('skip' in needed)) redis = await startRedis()
})
after(() => redis?.close())

/** Its AOF, as an operator copies it. */
async function save(): Promise<() => Promise<void>> {
  const [files, copy] = ['appendonlydir', 'copy'].map((name) => join(redis.directory, name))
  if (files === undefined || copy === undefined) throw new Error('no directory')
  await cp(files, copy, { recursive: true })
  return async () => {
    await redis.kill()
    await rm(files, { recursive: true })
    await cp(copy, files, { recursive: true })
    await redis.restart()
  }
}

test(
  'house: a Redis whose AOF was put back is refused while serving and at a start, until it is accepted',
  needed,
  async (t) => {
    await redis.ask('flushall')
    await restoredIsRefused(t, { url: redis.url, save })
  },
)

test(
  'house: a store moves to Redis and back, and is served at one place only',
  needed,
  async (t) => {
    await redis.ask('flushall')
    await movesThereAndBack(t, redis.url)
  },
)

test('house: a Redis is sealed anew under another key', needed, async (t) => {
  await redis.ask('flushall')
  await resealed(t, redis.url)
})
