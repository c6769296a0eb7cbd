import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { proxy } from '../../test/deployment/nginx.ts'
import { startPostgres } from '../../test/stores/postgres.ts'
import { startRedis } from '../../test/stores/redis.ts'
import { fetchOver } from '../../test/tls-wire.ts'
import { freePorts } from '../../test/wire.ts'
import { open, push, serve } from './serve.ts'
import type { Somebody } from './somebody.ts'

const key = randomBytes(32).toString('hex')

/** A store whose driver is not installed: the command says what to install, and nothing else is wrong. */
export function missingDrivers({ project, environment }: Somebody, bin: string): void {
  for (const [store, install] of [
    ['postgres://parapet@127.0.0.1:1/parapet', 'npm install postgres'],
    ['redis://127.0.0.1:1', 'npm install ioredis'],
  ] as const) {
    const env = { ...environment, PARAPET_STORE: store, PARAPET_KEY: key }
    const { status, stderr } = spawnSync(bin, ['check'], { cwd: project, env, encoding: 'utf8' })
    assert.notEqual(status, 0, store)
    assert.ok(stderr.includes(install), stderr)
  }
}

/**
 * Two servers behind nginx, settings in PostgreSQL, records in Redis: one of them ends, and what was pushed is
 * opened by the other.
 */
export async function twoServers(someone: Somebody, bin: string): Promise<void> {
  const [postgres, redis, ports] = await Promise.all([startPostgres(), startRedis(), freePorts(3)])
  const [tlsPort = 0, ...servers] = ports
  const folder = join(someone.folder, 'nodes')
  mkdirSync(folder)
  const nginx = proxy(folder, tlsPort, servers, 'nginx-nodes.conf')
  const ask = fetchOver(nginx.certificate, [])
  const origin = `https://localhost:${tlsPort}`
  const settings = {
    PARAPET_BASE_URL: origin,
    PARAPET_TRUSTED_PROXIES: '127.0.0.1',
    PARAPET_KEY: key,
    PARAPET_SETTINGS_STORE: postgres.url,
    PARAPET_STORE: redis.url,
    PARAPET_DURABILITY: 'disk',
    PARAPET_ADMIN_PASSWORD: 'a password of amadmin',
  }
  const own = (port: number): Readonly<Record<string, string>> => ({
    ...{ ...settings, PORT: String(port), PARAPET_DATA: join(folder, String(port)) },
  })
  try {
    const [first = 0, second = 0] = servers
    execFileSync(bin, ['apply', 'realms.yaml'], {
      ...{ cwd: someone.project, env: { ...someone.environment, ...own(first) } },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const one = await serve(someone, bin, ['serve'], own(first))
    const other = await serve(someone, bin, ['serve'], own(second))
    const pushes = []
    for (let i = 0; i < 4; i++)
      pushes.push(await push(`${origin}/am/oauth2/realms/root/realms/shop`, ask))
    assert.equal(await one.end(), 0)
    for (const each of pushes) await open(each, ask)
    assert.equal(await other.end(), 0)
  } finally {
    await nginx.end()
    await Promise.all([postgres.close(), redis.close()])
  }
}
