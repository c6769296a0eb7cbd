/* Both ends of a writing thread; this file is also what the thread runs. */
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { openFile } from './file.ts'
import { openMark } from './mark.ts'
import { type Group, pack, unpack } from './pack.ts'
import { type Answer, type CommitWrites, committer } from './write.ts'

/** Milliseconds the thread may block on other writers: nobody else waits for it. */
const busy = 100

/** A group's fate, as it travels; of an error only what is plain data. */
type Result =
  | { readonly answers: Answer[] }
  | { readonly message: string; readonly errcode: number | undefined }

/** What makes the commits of a shelf. */
export interface Writer {
  readonly commit: CommitWrites
  close(): Promise<void>
}

/**
 * A connection that writes on a thread of its own. Starts with the first group; after a crash of the
 * thread the next group starts another.
 */
export function writingThread(file: string): Writer {
  let thread: Worker | undefined
  const started = (): Worker => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { [marker]: file } })
    const forget = (): void => {
      if (thread === worker) thread = undefined
    }
    return worker.on('error', forget).on('exit', forget)
  }
  return {
    async commit(writes, now) {
      thread ??= started()
      const result = await ask(thread, pack(writes, now))
      if ('answers' in result) return result.answers
      throw Object.assign(new Error(result.message), { errcode: result.errcode })
    },
    async close() {
      await thread?.terminate()
    },
  }
}

/** One group and its result: there is never more than one under way. */
function ask(thread: Worker, group: Group): Promise<Result> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      thread.off('message', onResult).off('error', onError).off('exit', onExit).unref()
    }
    const onResult = (result: Result): void => {
      done()
      resolve(result)
    }
    const onError = (error: Error): void => {
      done()
      reject(error)
    }
    const onExit = (): void => onError(new Error('the writing thread ended'))
    thread.on('message', onResult).on('error', onError).on('exit', onExit).ref()
    thread.postMessage(group, [group.values.buffer])
  })
}

const marker = 'parapet:store-file'

function serve(file: string): void {
  const db = openFile(file, busy)
  const mark = openMark(file)
  const commit = committer(db, (commits) => mark.note(commits))
  const outcome = (group: Group): Result => {
    try {
      return { answers: commit(unpack(group), group.now) }
    } catch (error) {
      const { errcode } = error as { errcode?: number }
      return { message: String(error), errcode }
    }
  }
  parentPort?.on('message', (group: Group) => parentPort?.postMessage(outcome(group)))
}

const { [marker]: file } = (workerData ?? {}) as Readonly<Record<string, unknown>>
if (typeof file === 'string') serve(file)
