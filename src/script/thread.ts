/**
 * The thread in which scripts run, one after another, each in an interpreter of its own that has never seen another one's
 * values. It knows no realm and no request: what a script asks for goes as JSON to the thread that answers requests, and
 * the interpreter waits for the answer.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { QuickJSSyncVariant, QuickJSWASMModule } from 'quickjs-emscripten-core'
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core'
import { monotonic } from '../base/time.ts'
import { interpret } from './interpret.ts'
import type { Job, Reply, ThreadData, Told } from './message.ts'

const { replies, bell, memory } = workerData as ThreadData
const waiting = new Int32Array(bell)

function tell(told: Told): void {
  parentPort?.postMessage(told)
}

/** Asks the other thread and waits, at most so many milliseconds. @throws Error what the script may catch */
function ask(run: number, number: number, name: string, args: string, most: number): string {
  const until = monotonic() + most
  Atomics.store(waiting, 0, 0)
  tell({ kind: 'call', run, number, name, args })
  for (;;) {
    const reply = receiveMessageOnPort(replies)?.message as Reply | undefined
    if (reply === undefined) {
      const left = until - monotonic()
      if (left <= 0) throw new Error('no answer in time')
      Atomics.wait(waiting, 0, 0, left)
      Atomics.store(waiting, 0, 0)
    } else if (reply.run === run && reply.number === number) {
      if (reply.ok) return reply.text
      throw new Error(reply.text)
    }
  }
}

/** The types of Node do not have it. */
const { WebAssembly: wasm } = globalThis as typeof globalThis & {
  readonly WebAssembly: {
    readonly Memory: new (pages: {
      readonly initial: number
      readonly maximum: number
    }) => {
      readonly buffer: ArrayBuffer
    }
  }
}

/** Of 64 KiB: what the interpreter is compiled to begin with. */
const firstPages = 256

/** An interpreter, and whether it ever had more memory than it began with. */
interface Loaded {
  readonly quickjs: QuickJSWASMModule
  readonly grown: () => boolean
}

/**
 * An interpreter whose memory is bounded from outside: by its own count a buffer costs nothing once it is there. How the
 * package says its types is not how Node loads it: what is loaded is the variant itself.
 */
async function load(): Promise<Loaded> {
  const { default: variant }: { readonly default: unknown } = await import(
    '@jitl/quickjs-ng-wasmfile-release-sync'
  )
  const maximum = firstPages + Math.ceil(memory / 65_536)
  const wasmMemory = new wasm.Memory({ initial: firstPages, maximum })
  const guarded = checked(newVariant(variant as QuickJSSyncVariant, { wasmMemory }))
  return {
    quickjs: await newQuickJSWASMModuleFromVariant(guarded),
    grown: () => wasmMemory.buffer.byteLength > firstPages * 65_536,
  }
}

/**
 * The package writes what it is given where it was allotted memory, and to the beginning of all memory where there was
 * none: a script that has filled it would choose what stands there.
 */
function checked(variant: QuickJSSyncVariant): QuickJSSyncVariant {
  return {
    ...variant,
    async importModuleLoader() {
      const imported = await variant.importModuleLoader()
      const outer = typeof imported === 'function' ? imported : imported.default
      const start = typeof outer === 'function' ? outer : outer.default
      return async (options) => {
        const module = await start(options)
        const allot = module._malloc.bind(module)
        module._malloc = (size: number) => {
          const at = allot(size)
          if (at === 0) throw new Error('out of memory')
          return at
        }
        return module
      }
    },
  }
}

let loaded = load()
await loaded
parentPort?.on('message', (job: Job) => void take(job))
tell({ kind: 'ready' })

async function take(job: Job): Promise<void> {
  const { run } = job
  const { quickjs, grown } = await loaded
  const { told, whole } = interpret(quickjs, job, {
    ask: (number, name, args, most) => ask(run, number, name, args, most),
    log: (level, text) => tell({ kind: 'log', run, level, text }),
  })
  // One that could not be cleared away whole, or whose memory may have come to its end, is another one from here on.
  if (!whole || grown()) loaded = load()
  tell({ ...told, run })
}
