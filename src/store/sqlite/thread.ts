/* Both ends of a writing thread, and how writes travel between them; this file is also what the thread runs. */
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { openFile } from './file.ts'
import { openMark } from './mark.ts'
import { type Answer, type CommitWrites, committer, type Write } from './write.ts'

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

type Field = string | number | undefined

/**
 * A group of writes as it travels to another thread: plain fields in a row, and all values in one
 * piece of memory that is handed over. Objects, each with a memory of its own, cost more to send than
 * to write.
 */
export interface Group {
  readonly fields: readonly Field[]
  readonly values: Uint8Array<ArrayBuffer>
  /** Seconds. */
  readonly now: number
}

/** How many fields follow the verb of an insert and of a replace. */
const width = { insert: 6, replace: 7 } as const

export function pack(writes: readonly Write[], now: number): Group {
  let size = 0
  for (const write of writes) if ('value' in write) size += write.value.length
  const values = new Uint8Array(size)
  const fields: Field[] = []
  let at = 0
  for (const write of writes) {
    if (write.verb === 'delete') fields.push(write.verb, write.key)
    else if (write.verb === 'sweep') fields.push(write.verb, write.after, write.upTo, write.before)
    else {
      const { verb, key, version, expiry, value, mark } = write
      fields.push(verb, key, version, expiry, value.length, mark?.key, mark?.expiry)
      if (verb === 'replace') fields.push(write.from)
      values.set(value, at)
      at += value.length
    }
  }
  return { fields, values, now }
}

export function unpack({ fields, values }: Group): Write[] {
  const writes: Write[] = []
  let valueAt = 0
  for (let at = 0; at < fields.length; ) {
    const verb = fields[at] as Write['verb']
    if (verb === 'delete') {
      writes.push({ verb, key: fields[at + 1] as string })
      at += 2
    } else if (verb === 'sweep') {
      const [after, upTo, before] = fields.slice(at + 1) as [string, string, number]
      writes.push({ verb, after, upTo, before })
      at += 4
    } else {
      const length = fields[at + 4] as number
      writes.push(unpackOne(verb, fields, at + 1, values.subarray(valueAt, valueAt + length)))
      valueAt += length
      at += 1 + width[verb]
    }
  }
  return writes
}

function unpackOne(
  verb: 'insert' | 'replace',
  fields: readonly Field[],
  at: number,
  value: Uint8Array,
): Write {
  const markKey = fields[at + 4] as string | undefined
  const common = {
    key: fields[at] as string,
    version: fields[at + 1] as number,
    expiry: fields[at + 2] as number,
    value,
    mark: markKey === undefined ? undefined : { key: markKey, expiry: fields[at + 5] as number },
  }
  return verb === 'insert'
    ? { verb, ...common }
    : { verb, ...common, from: fields[at + 6] as number }
}

const { [marker]: file } = (workerData ?? {}) as Readonly<Record<string, unknown>>
if (typeof file === 'string') serve(file)
