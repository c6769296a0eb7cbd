/**
 * A real PostgreSQL for a test, on a free port of 127.0.0.1 and with a directory of its own; it is on its disk
 * before it answers (fsync on), as PostgreSQL is unless told otherwise. `postgres-pair.ts` makes two of it.
 * It is never downloaded: without one such tests are reported missing, and in CI they fail.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { appendFile, chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { whenHanging } from '../hanging.ts'
import { needs, pathOf } from '../program.ts'
import { freePorts } from '../wire.ts'
import { account, asUser, layOutCluster } from './postgres-template.ts'

/** Options for a test that needs one: `test(name, needsPostgres(), run)`. */
export const needsPostgres = (): ReturnType<typeof needs> => needs('postgresql')

/** How a server is to be. */
export interface PostgresOptions {
  /** Settings of postgresql.conf beside those of every test: `{ fsync: 'off' }`. */
  readonly config?: Readonly<Record<string, string>>
  /** What runs before it: `['faketime', '-f', '+1h']`, `['ip', 'netns', 'exec', 'a']`. */
  readonly within?: readonly string[]
  /** Its address, where it is not 127.0.0.1. */
  readonly host?: string
  /** Its port, where it is not any free one. */
  readonly port?: number
  /** Where the server is whose standby this one is to be, as libpq has it: `host=… port=…`. */
  readonly standbyOf?: string
}

/** A running server, with the roles `postgres`, who may do anything, and `parapet`, who may make a schema. */
export interface PostgresServer {
  /** `postgres://parapet@127.0.0.1:34019/postgres` */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Where its files are, in `data`, and its unix socket. */
  readonly directory: string
  /** The process that all its others come from. */
  readonly pid: () => number
  /** What `psql` prints for a statement of the role `postgres`, fields by `|`; throws what is refused. */
  readonly query: (sql: string) => Promise<string>
  /** SIGSTOP and SIGCONT, to each of its processes. */
  readonly signal: (name: NodeJS.Signals) => void
  /** SIGKILL to each of its processes: nothing is finished. */
  readonly kill: () => Promise<void>
  /** Ends it as an operator does: those who are connected are sent away. */
  readonly stop: () => Promise<void>
  /** Starts it anew after `kill` or `stop`, with the same port and files; ready when this resolves. */
  readonly restart: () => Promise<void>
  /** Ends it, and its files. */
  readonly close: () => Promise<void>
}

const settings = {
  max_connections: '200',
  shared_buffers: '32MB',
  wal_keep_size: '256MB',
  log_min_messages: 'log',
}

/** Starts one and waits until it answers. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'parapet-postgres-'))
  try {
    const { uid, gid } = await account()
    await chown(directory, uid, gid)
    return await started(directory, options)
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function started(directory: string, options: PostgresOptions): Promise<PostgresServer> {
  const { host = '127.0.0.1', within = [], standbyOf } = options
  const port = options.port ?? (await freePorts(1))[0] ?? 0
  const data = join(directory, 'data')
  await layOutCluster(data)
  const config = { ...placeOf(directory, host, port), ...settings, ...options.config }
  await appendFile(join(data, 'postgresql.conf'), configText({ ...config, ...standby(standbyOf) }))
  if (standbyOf !== undefined) await appendFile(join(data, 'standby.signal'), '')
  const program = join(pathOf('postgresql'), 'postgres')
  const command = [...within, ...asUser(program, '-D', data)]
  const launch = (): Promise<Child> => launched(command, () => kill(processesOf(data), 'SIGKILL'))
  let child = await launch()
  const processes = (): readonly number[] => (over(child) ? [] : processesOf(data))
  const exit = (): void => kill(processes(), 'SIGKILL')
  process.once('exit', exit)
  const ended = async (end: () => void): Promise<void> => {
    if (over(child)) return
    const gone = once(child, 'exit')
    const all = processes()
    end()
    // `runuser` stops with what it started, and would not see it end.
    child.kill('SIGCONT')
    await gone
    // Whoever starts it anew would find them still at its memory.
    while (all.some(lives)) await new Promise((resolve) => setTimeout(resolve, 5))
    await rm(join(data, 'postmaster.pid'), { force: true })
  }
  return {
    url: `postgres://parapet@${host}:${port}/postgres`,
    ...{ host, port, directory },
    pid: () => processes()[0] ?? 0,
    query: (sql) => asked(directory, port, sql),
    signal(name) {
      kill(processes(), name)
      if (name === 'SIGCONT') child.kill(name)
    },
    kill: () => ended(exit),
    stop: () => ended(() => kill(processes().slice(0, 1), 'SIGINT')),
    async restart() {
      child = await launch()
    },
    async close() {
      await ended(exit)
      process.removeListener('exit', exit)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function placeOf(directory: string, host: string, port: number): Readonly<Record<string, string>> {
  return { port: String(port), listen_addresses: host, unix_socket_directories: directory }
}

function standby(of: string | undefined): Readonly<Record<string, string>> {
  return of === undefined
    ? {}
    : { primary_conninfo: `${of} user=postgres application_name=standby` }
}

function configText(config: Readonly<Record<string, string>>): string {
  return Object.entries(config)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('')
}

type Child = ChildProcessByStdio<null, null, Readable>

const over = ({ exitCode, signalCode }: Child): boolean => exitCode !== null || signalCode !== null

/** Runs it until it says that it is ready; what it says later is read and forgotten. */
function launched([command = '', ...flags]: readonly string[], end: () => void): Promise<Child> {
  const child = spawn(command, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string): void => {
      watched()
      end()
      reject(new Error(`postgres ${why}:\n${said}`))
    }
    const watched = whenHanging(child.pid ?? 0, () => fail('hangs'))
    const ended = (code: number | null, signal: string | null): void =>
      fail(`ended with ${code ?? signal}`)
    child.once('error', ({ message }) => fail(message))
    child.once('close', ended)
    child.stderr.on('data', function listen(text: Buffer) {
      said += text.toString()
      if (!/ready to accept (?:read-only )?connections/.test(said)) return
      watched()
      child.off('close', ended)
      child.stderr.off('data', listen).resume()
      resolve(child)
    })
  })
}

/** The process that its directory names, and those it started. */
function processesOf(data: string): readonly number[] {
  const file = join(data, 'postmaster.pid')
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0
  if (!(pid > 0) || !lives(pid)) return []
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return [pid, ...children.split(' ').filter(Boolean).map(Number)]
}

function lives(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function kill(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) if (lives(pid)) process.kill(pid, name)
}

const run = promisify(execFile)

async function asked(directory: string, port: number, sql: string): Promise<string> {
  const flags = ['-XAtqw', '-v', 'ON_ERROR_STOP=1', '-h', directory, '-p', String(port)]
  const psql = join(pathOf('postgresql'), 'psql')
  const { stdout } = await run(psql, [...flags, '-U', 'postgres', '-d', 'postgres', '-c', sql])
  return stdout.trimEnd()
}
