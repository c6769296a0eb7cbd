import { MessageChannel, Worker } from 'node:worker_threads'
import { threadEnvironment } from '../base/thread-environment.ts'
import type { ScriptBounds } from '../realm/script/rules.ts'
import type { Reply, ThreadData } from './message.ts'
import { ScriptFailed } from './run.ts'

/** A thread in which scripts run. */
export interface Thread {
  readonly worker: Worker
  readonly reply: (reply: Reply) => void
}

/** Compiled or as it stands, like this file. */
const file = new URL(`./thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** It holds no process that has nothing else to do. */
export async function startThread({ memory }: Pick<ScriptBounds, 'memory'>): Promise<Thread> {
  const { port1, port2 } = new MessageChannel()
  const bell = new SharedArrayBuffer(4)
  const worker = new Worker(file, {
    workerData: { replies: port2, bell, memory } satisfies ThreadData,
    transferList: [port2],
    // Nothing of the process: neither its environment nor its arguments nor its streams.
    ...{ env: threadEnvironment(), argv: [], stdin: false, name: 'script' },
    // The interpreter's own bound of its stack is met long before.
    resourceLimits: { maxOldGenerationSizeMb: 64, stackSizeMb: 16 },
  })
  port1.unref()
  const ring = new Int32Array(bell)
  const reply = (sent: Reply): void => {
    port1.postMessage(sent)
    Atomics.store(ring, 0, 1)
    Atomics.notify(ring, 0)
  }
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.on('error', (cause) => reject(new ScriptFailed('no thread could begin', { cause })))
    worker.once('exit', () => reject(new ScriptFailed('no thread could begin')))
  })
  worker.unref()
  return { worker, reply }
}
