/** Server processes whose clocks a test sets. */
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { bareEnvironment } from '../bare.ts'
import { freePorts, type Wire, wire } from '../wire.ts'

export const baseUrl = 'https://as.localhost:8443'
const script = new URL('./server.ts', import.meta.url).pathname

export interface Server {
  readonly w: Wire
  set(offset: number): void
  /** Settles once it has told of an event of this name that was not asked for yet. */
  told(name: string): Promise<void>
  stop(): Promise<void>
}

/** Where a server's store is, and its keys, if that is not its directory. */
export type StoreEnvironment = Readonly<Partial<Record<'PARAPET_STORE' | 'PARAPET_KEY', string>>>

export function child(t: TestContext, store: StoreEnvironment, ...args: string[]): ChildProcess {
  const env = { ...bareEnvironment, ...store }
  const forked = fork(script, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.after(() => forked.kill('SIGKILL'))
  return forked
}

/** Starts one whose clock is off by so many seconds; with a demo, if that is said. */
export async function serve(
  t: TestContext,
  data: string,
  offset: number,
  demo?: 'demo',
  store: StoreEnvironment = {},
): Promise<Server> {
  const [port = 0] = await freePorts(1)
  const process = child(t, store, data, String(port), baseUrl, String(offset), demo ?? 'bare')
  const events: string[] = []
  process.on('message', (name: string) => {
    events.push(name)
    process.emit('told')
  })
  const told = async (name: string): Promise<void> => {
    while (!events.includes(name)) await once(process as NodeJS.EventEmitter, 'told')
    events.splice(events.indexOf(name), 1)
  }
  await told('server.started')
  const w = wire(port, baseUrl)
  return {
    w,
    told,
    set: (seconds) => void process.send(seconds),
    async stop() {
      w.close()
      process.send('stop')
      assert.deepEqual(await once(process, 'exit'), [0, null])
    },
  }
}

/** A directory for data, which goes with the test. */
export function directory(t: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), 'parapet-clock-'))
  t.after(() => rmSync(data, { recursive: true, force: true }))
  return data
}
