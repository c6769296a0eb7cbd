import { Worker } from 'node:worker_threads'
import { threadEnvironment } from '../thread-environment.ts'
import type { Jobs } from './jobs.ts'
import type { Asked, Told } from './thread.ts'

/** Compiled or as it stands, like this file. */
const file = new URL(`./thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** Threads that have nothing to do. As many are there as jobs were ever under way at once. */
const idle: Worker[] = []

/**
 * Does a job in a thread of its own, so that it holds up neither this one nor what Node's pool does.
 *
 * @throws Error when it failed, or its thread ended.
 */
export async function inThread<N extends keyof Jobs>(
  name: N,
  ...given: Parameters<Jobs[N]>
): Promise<Awaited<ReturnType<Jobs[N]>>> {
  const thread = idle.pop() ?? started()
  const told = await ask(thread, { name, given })
  idle.push(thread)
  if ('message' in told) throw new Error(told.message)
  return told.made as Awaited<ReturnType<Jobs[N]>>
}

function started(): Worker {
  // Nothing of the process: neither its environment nor its arguments.
  const thread = new Worker(file, { env: threadEnvironment(), argv: [], name: 'hashing' })
  const forget = (): void => {
    const at = idle.indexOf(thread)
    if (at >= 0) idle.splice(at, 1)
  }
  return thread.on('error', forget).on('exit', forget)
}

/** It holds the process until it has answered, and no longer. */
function ask(thread: Worker, asked: Asked): Promise<Told> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      thread.off('message', onTold).off('error', onError).off('exit', onExit).unref()
    }
    const onTold = (told: Told): void => {
      done()
      resolve(told)
    }
    const onError = (error: Error): void => {
      done()
      reject(error)
    }
    const onExit = (): void => onError(new Error('a thread that hashes ended'))
    thread.on('message', onTold).on('error', onError).on('exit', onExit).ref()
    thread.postMessage(asked)
  })
}
