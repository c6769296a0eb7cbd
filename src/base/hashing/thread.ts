/* What a thread runs in which passwords are hashed. */
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

parentPort?.on('message', (asked: Asked) => {
  void carryOut(asked).then((told) => parentPort?.postMessage(told))
})

async function carryOut({ name, given }: Asked): Promise<Told> {
  try {
    const job = jobs[name] as (...given: readonly unknown[]) => unknown
    return { made: await job(...given) }
  } catch (error) {
    return { message: String(error) }
  }
}
