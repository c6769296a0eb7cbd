/**
 * A real Redis for a test: a `redis-server` on a free port of 127.0.0.1 with a directory of its own, every
 * write on its disk before it answers (AOF always). `redis-cluster.ts` and `redis-sentinel.ts` make more of it.
 * It is never downloaded: without one such tests are reported missing, and in CI they fail.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { whenHanging } from '../hanging.ts'
import { needs, pathOf } from '../program.ts'
import { freePorts } from '../wire.ts'

/** Options for a test that needs one: `test(name, needsRedis(), run)`. */
export const needsRedis = (): ReturnType<typeof needs> => needs('redis-server')

/** How a server is to be. */
export interface RedisOptions {
  /** Settings of redis.conf beside those of every test: `{ 'maxmemory-policy': 'allkeys-lru' }`. */
  readonly config?: Readonly<Record<string, string>>
  /** What runs it: `['ip', 'netns', 'exec', 'a']`. Not libfaketime, which its memory allocator does not bear. */
  readonly within?: readonly string[]
  /** Its address, where it is not 127.0.0.1. */
  readonly host?: string
  /** Its port, where it is not any free one. */
  readonly port?: number
  /** Lays out what is to be in its directory at the start. */
  readonly prepare?: (directory: string) => Promise<void>
  /** Its arguments, where they are not settings. */
  readonly only?: (directory: string) => readonly string[]
}

/** A running server. */
export interface RedisServer {
  /** `redis://127.0.0.1:34019` */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Where its files are. */
  readonly directory: string
  readonly pid: () => number
  /** What `redis-cli` prints, without the last line's end; throws what Redis refuses. */
  readonly ask: (...command: readonly string[]) => Promise<string>
  /** SIGSTOP, and SIGCONT. */
  readonly signal: (name: NodeJS.Signals) => void
  /** SIGKILL: nothing is finished. */
  readonly kill: () => Promise<void>
  /** Starts it anew after `kill`, with the same port and files; ready when this resolves. */
  readonly restart: () => Promise<void>
  /** Ends it, and its files. */
  readonly close: () => Promise<void>
}

const settings = { appendonly: 'yes', appendfsync: 'always', save: '' }

/** Starts one and waits until it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'parapet-redis-'))
  try {
    await options.prepare?.(directory)
    return await started(directory, options)
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function started(directory: string, options: RedisOptions): Promise<RedisServer> {
  const { host = '127.0.0.1', within = [] } = options
  const port = options.port ?? (await freePorts(1))[0] ?? 0
  const password = options.config?.requirepass
  const launch = (): Promise<Child> =>
    launched([...within, pathOf('redis-server'), ...argumentsOf(directory, port, options)])
  let child = await launch()
  const exit = (): void => void child.kill('SIGKILL')
  process.once('exit', exit)
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  return {
    url: `redis://${host}:${port}`,
    ...{ host, port, directory, kill },
    pid: () => child.pid ?? 0,
    ask: (...command) => asked([...within], { host, port, password }, command),
    signal: (name) => void child.kill(name),
    async restart() {
      child = await launch()
    },
    async close() {
      await kill()
      process.removeListener('exit', exit)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function argumentsOf(
  directory: string,
  port: number,
  { config, host = '127.0.0.1', only }: RedisOptions,
): readonly string[] {
  if (only !== undefined) return only(directory)
  const all = { port: String(port), bind: host, dir: directory, ...settings, ...config }
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, value])
}

type Child = ChildProcessByStdio<null, Readable, null>

/** Runs it until it says that it is ready; what it says later is read and forgotten. */
function launched([command = '', ...flags]: readonly string[]): Promise<Child> {
  const child = spawn(command, flags, { stdio: ['ignore', 'pipe', 'ignore'] })
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string): void => {
      watched()
      child.kill('SIGKILL')
      reject(new Error(`redis-server ${why}:\n${said}`))
    }
    const watched = whenHanging(child.pid ?? 0, () => fail('hangs'))
    const ended = (code: number | null, signal: string | null): void =>
      fail(`ended with ${code ?? signal}`)
    child.once('error', ({ message }) => fail(message))
    child.once('close', ended)
    child.stdout.on('data', function listen(text: Buffer) {
      said += text.toString()
      if (!/Ready to accept connections|Sentinel ID is/.test(said)) return
      watched()
      child.off('close', ended)
      child.stdout.off('data', listen).resume()
      resolve(child)
    })
  })
}

const run = promisify(execFile)

async function asked(
  within: readonly string[],
  { host, port, password }: { host: string; port: number; password: string | undefined },
  command: readonly string[],
): Promise<string> {
  const login = password === undefined ? [] : ['--no-auth-warning', '-a', password]
  const at = ['redis-cli', '-e', '-h', host, '-p', String(port), ...login]
  const [name = '', ...args] = [...within, ...at, ...command]
  return (await run(name, args)).stdout.trimEnd()
}

/** Asks until the answer is as wanted, for as long as the test may run. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false)))
    await new Promise((resolve) => setTimeout(resolve, 50))
}
