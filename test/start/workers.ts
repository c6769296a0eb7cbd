/** A demo that several worker processes serve, and what it says. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { bareEnvironment } from '../bare.ts'
import { freePorts } from '../wire.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')

export type Line = Readonly<Record<string, unknown>> & {
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
}

export interface Workers {
  readonly child: ChildProcess
  readonly port: number
  readonly metrics: string
  readonly data: string
  /** What it has said to whoever typed the command. */
  complaints(): string
  /** Every line of the log so far; throws where one is none. */
  lines(): readonly Line[]
  /** Settles once so many lines have that event. */
  logged(event: string, count?: number): Promise<readonly Line[]>
  /** Settles with the exit status. */
  readonly ended: Promise<number | null>
  close(): void
}

/** Starts one, and waits until all its workers serve. */
export async function startWorkers(
  count: number,
  env: Readonly<Record<string, string>> = {},
  serves = true,
): Promise<Workers> {
  const data = mkdtempSync(join(tmpdir(), 'parapet-workers-'))
  const [port = 0, metrics = 0] = await freePorts(2)
  const child = spawn(process.execPath, [main, 'serve', '--demo', '--workers', String(count)], {
    env: {
      ...bareEnvironment,
      ...{ PORT: String(port), PARAPET_DATA: data, PARAPET_METRICS: String(metrics) },
      ...{ PARAPET_AUDIT_LOG: join(data, 'audit.log'), ...env },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = (): boolean => child.kill('SIGKILL')
  process.once('exit', end)
  const [log, complaints] = [textOf(child.stdout), textOf(child.stderr)]
  const lines = (): readonly Line[] =>
    log()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line)
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const logged: Workers['logged'] = async (event, wanted = 1) => {
    for (;;) {
      const found = lines().filter((line) => line.event === event)
      if (found.length >= wanted) return found
      assert.equal(child.exitCode, null, `it ended: ${complaints()}`)
      await once(child.stdout, 'data')
    }
  }
  if (serves) await logged('server.started', count)
  return {
    ...{ child, port, data, lines, logged, ended, complaints },
    metrics: `http://127.0.0.1:${metrics}/metrics`,
    close() {
      end()
      process.off('exit', end)
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** The process ids of its workers. */
export function workersOf({ child }: Workers): readonly number[] {
  const { pid } = child
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
}

function textOf(stream: Readable): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  return () => text
}
