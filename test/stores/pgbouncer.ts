/** A real PgBouncer for a test, in front of a PostgreSQL; its files go with it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathOf } from '../program.ts'
import { freePorts } from '../wire.ts'
import type { PostgresServer } from './postgres.ts'
import { account, asUser } from './postgres-template.ts'

export interface PgBouncer {
  /** `postgres://parapet@127.0.0.1:34019/session`: the database `postgres`, by that mode of pooling. */
  readonly url: (mode: 'session' | 'transaction' | 'statement') => string
  readonly close: () => Promise<void>
}

/** Starts one and waits until it answers. `settings` are lines of its section `[pgbouncer]`. */
export async function startPgBouncer(
  { host, port }: Pick<PostgresServer, 'host' | 'port'>,
  settings: readonly string[] = [],
): Promise<PgBouncer> {
  const directory = await mkdtemp(join(tmpdir(), 'parapet-pgbouncer-'))
  const { uid, gid } = await account()
  await chown(directory, uid, gid)
  const [own = 0] = await freePorts(1)
  const modes = ['session', 'transaction', 'statement']
  const users = join(directory, 'users.txt')
  await writeFile(users, '"parapet" ""\n', { mode: 0o644 })
  const lines = [
    '[databases]',
    ...modes.map((mode) => `${mode} = host=${host} port=${port} dbname=postgres pool_mode=${mode}`),
    ...['[pgbouncer]', 'listen_addr = 127.0.0.1', `listen_port = ${own}`, 'unix_socket_dir ='],
    ...['auth_type = trust', `auth_file = ${users}`, ...settings],
  ]
  const file = join(directory, 'pgbouncer.ini')
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o644 })
  const [command = '', ...flags] = asUser(pathOf('pgbouncer'), file)
  const child = spawn(command, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const exit = (): void => void child.kill('SIGTERM')
  process.once('exit', exit)
  const close = async (): Promise<void> => {
    const gone = child.exitCode === null ? once(child, 'exit') : undefined
    exit()
    await gone
    process.removeListener('exit', exit)
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await up(child.stderr, once(child, 'exit'))
  } catch (error) {
    await close()
    throw error
  }
  return { url: (mode) => `postgres://parapet@127.0.0.1:${own}/${mode}`, close }
}

/** Reads on afterwards, so that its pipe is never full. */
async function up(stderr: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<void> {
  let said = ''
  const ready = new Promise<void>((resolve) => {
    stderr.on('data', (text: Buffer) => {
      if (said.length < 10_000) said += text.toString()
      if (said.includes('process up')) resolve()
    })
  })
  await Promise.race([
    ready,
    ended.then(() => Promise.reject(new Error(`pgbouncer ended:\n${said}`))),
  ])
}
