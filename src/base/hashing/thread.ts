/* What a thread runs in which passwords are hashed. */
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
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

/** A third of what others get where processors are few; not so little that nobody can log in beside much other work. */
const niceness = 5

giveWay()

parentPort?.on('message', (asked: Asked) => {
  void carryOut(asked).then((told) => parentPort?.postMessage(told))
})

/**
 * Whoever answers goes before whoever hashes. Threads have priorities of their own on Linux, and numbers by which the
 * system knows them; where there are none, or they cannot be set, it stays as it is.
 */
function giveWay(): void {
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), niceness)
  } catch {
    // Nothing depends on it but how long others wait.
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
