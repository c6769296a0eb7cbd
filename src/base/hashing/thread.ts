/* What a thread runs in which passwords are hashed. */
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import type { Jobs } from './jobs.ts'
import { jobs } from './jobs.ts'

/** A job as it travels. */
export interface Asked {
  readonly name: keyof Jobs
  readonly given: readonly unknown[]
}

/** What came of it; of an error only what it says. */
export type Told = { readonly made: unknown } | { readonly message: string }

yieldToOthers()
parentPort?.on('message', (asked: Asked) => {
  void carryOut(asked).then((told) => parentPort?.postMessage(told))
})

/**
 * Whoever answers requests goes before: one hash keeps a processor busy for longer than a hundred of them. On Linux
 * a thread has a priority of its own; elsewhere it would be that of the process, and stays.
 */
function yieldToOthers(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It hashes all the same.
  }
}

async function carryOut({ name, given }: Asked): Promise<Told> {
  try {
    const job = jobs[name] as (...given: readonly unknown[]) => unknown
    return { made: await job(...given) }
  } catch (error) {
    return { message: String(error) }
  }
}
