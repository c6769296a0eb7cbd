/** A real server for a test: a process of its own on a free port, with a data directory of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { whenHanging } from './hanging.ts'

export interface ServerOptions {
  /** With the demo's realms, user and clients. */
  readonly demo: boolean
  /** Beside what a quiet server on a free port needs. */
  readonly env?: Readonly<Record<string, string>>
  /** Data directory; without one the server gets a temporary one, which goes with it. */
  readonly data?: string
  /** Of another tree than the one this file lies in. */
  readonly root?: string
  /** Kills it (SIGKILL), however far it has come. */
  readonly signal?: AbortSignal
}

export interface RunningServer {
  readonly pid: number
  /** `http://localhost:34019`, without a slash. */
  readonly origin: string
  readonly data: string
  /** What it had printed when it said so. */
  readonly said: string
  /** Faults of its own that it has logged since; a test can go by without noticing them. */
  readonly alarms: readonly string[]
  /** SIGTERM: what is under way is finished. Gives the exit code; null when it had to be killed. */
  stop(): Promise<number | null>
  /** SIGKILL: nothing is finished. */
  kill(): Promise<void>
}

/** Password of `amadmin` wherever a test does not give another. */
export const adminPassword = 'a test admin'

const here = join(import.meta.dirname, '..')

/** Starts a server and waits until it says where it is. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'parapet-test-')))
  const temporary = options.data === undefined
  const main = join(options.root ?? here, 'src', 'main.ts')
  const child = spawn(process.execPath, [main, 'serve', ...(options.demo ? ['--demo'] : [])], {
    env: { ...inherited(), ...settings, PARAPET_DATA: data, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.signal && { signal: options.signal, killSignal: 'SIGKILL' }),
  })
  const end = (): boolean => child.kill('SIGKILL')
  const exit = (): void => {
    end()
    if (temporary) rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', exit)
  const ended = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill(signal)
      // SIGKILL also ends a process that is stopped, which no other signal does.
      const watched = whenHanging(child.pid ?? 0, end)
      await gone
      watched()
    }
    process.removeListener('exit', exit)
    if (temporary && existsSync(data)) await rm(data, { recursive: true, force: true })
    return child.exitCode
  }
  try {
    const { origin, said } = await sayingOrigin(child)
    return {
      pid: child.pid ?? 0,
      origin,
      data,
      said,
      alarms: noteAlarms(child.stdout),
      stop: () => ended('SIGTERM'),
      kill: async () => void (await ended('SIGKILL')),
    }
  } catch (error) {
    await ended('SIGKILL')
    throw error
  }
}

const settings = { PORT: '0', HOST: '127.0.0.1', PARAPET_ADMIN_PASSWORD: adminPassword }

/** The environment without settings of a server on this machine. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PARAPET_')),
  )
}

/** The first address a server prints is its own, in banner and log alike. */
function sayingOrigin(
  child: ChildProcessByStdio<null, Readable, Readable>,
): Promise<{ readonly origin: string; readonly said: string }> {
  const streams = [child.stdout, child.stderr]
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string): void => {
      watched()
      reject(new Error(`the server ${why}:\n${said}`))
    }
    const watched = whenHanging(child.pid ?? 0, () => fail('hangs'))
    child.once('error', reject)
    // Not at its exit: what it said last may still be on the way then.
    child.once('close', (code, signal) => fail(`ended with ${code ?? signal}`))
    const listen = (text: Buffer): void => {
      said += text.toString()
      const origin = /\bhttps?:\/\/[\w.-]+:\d+(?=\D)/.exec(said)?.[0]
      if (origin === undefined) return
      watched()
      // What it says from now on is read on, so that it never waits for a reader.
      for (const stream of streams) stream.off('data', listen).resume()
      resolve({ origin, said })
    }
    for (const stream of streams) stream.on('data', listen)
  })
}

/** Lines of the log at level alarm, as they come. */
function noteAlarms(log: Readable): readonly string[] {
  const alarms: string[] = []
  let rest = ''
  log.on('data', (text: Buffer) => {
    const lines = (rest + text.toString()).split('\n')
    rest = lines.pop() ?? ''
    alarms.push(...lines.filter((line) => line.startsWith('{"level":"alarm"')))
  })
  return alarms
}
