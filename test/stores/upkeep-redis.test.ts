import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathOf } from '../program.ts'
import { needsRedis, type RedisServer, startRedis, until } from './redis.ts'
import { movesThereAndBack, resealed, restoredIsRefused } from './upkeep.ts'

const needed = needsRedis()
let redis: RedisServer

before(async () => {
  if (!('skip' in needed)) redis = await startRedis()
})
after(() => redis?.close())

/** Its AOF, as an operator copies it. */
async function saveLog(): Promise<() => Promise<void>> {
  const [files, copy] = [inDirectory('appendonlydir'), inDirectory('copy')]
  await cp(files, copy, { recursive: true })
  return async () => {
    await redis.kill()
    await rm(files, { recursive: true })
    await cp(copy, files, { recursive: true })
    await redis.restart()
  }
}

/** A snapshot, brought back as the guide says: by a server without an AOF, which then makes one of it. */
async function saveSnapshot(): Promise<() => Promise<void>> {
  await redis.ask('save')
  await cp(inDirectory('dump.rdb'), inDirectory('snapshot'))
  return async () => {
    await redis.kill()
    await rm(inDirectory('appendonlydir'), { recursive: true })
    await cp(inDirectory('snapshot'), inDirectory('dump.rdb'))
    const place = ['--port', String(redis.port), '--dir', redis.directory]
    const flags = [...place, '--bind', redis.host, '--appendonly', 'no', '--save', '']
    const child = spawn(pathOf('redis-server'), flags, { stdio: 'ignore' })
    const gone = once(child, 'exit')
    await until(async () => (await redis.ask('config', 'set', 'appendonly', 'yes')) === 'OK')
    await until(async () =>
      /aof_enabled:1[\s\S]*aof_rewrite_in_progress:0\s+aof_rewrite_scheduled:0/.test(
        await redis.ask('info', 'persistence'),
      ),
    )
    child.kill('SIGTERM')
    await gone
    await redis.restart()
  }
}

function inDirectory(name: string): string {
  return join(redis.directory, name)
}

for (const [what, save] of [
  ['whose AOF was put back', saveLog],
  ['that was restored from a snapshot', saveSnapshot],
] as const)
  test(
    `house: a Redis ${what} is refused while serving and at a start, until it is accepted`,
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
