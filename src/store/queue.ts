import type { Ready } from '../base/ready.ts'
import { type Clock, delay, monotonic } from '../base/time.ts'
import { gathered } from './gathered.ts'
import { isBusy } from './sqlite/format.ts'
import type { Answer, Write } from './sqlite/write.ts'
import { StoreUnavailable } from './store.ts'

/** Milliseconds a group waits for the writers of other processes. */
const patience = 3000

/** Commits a group, on this thread or another; see `Commit`. */
export type GroupCommit = (writes: readonly Write[], now: number) => Ready<Answer[]>

/** A queue of writes; what comes in one turn of the event loop shares one commit. */
export interface WriteQueue {
  /** Answers when the write is durable; rejects with `StoreUnavailable`. */
  push(write: Write): Promise<Answer>
  /** Whether the last group failed. */
  failing(): boolean
  /** Takes no more, and resolves when everything is answered. */
  close(): Promise<void>
}

interface Waiter {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** One group is committed at a time; while it is, the next one gathers. */
export function writeQueue(commit: GroupCommit, now: Clock): WriteQueue {
  let writes: Write[] = []
  let waiters: Waiter[] = []
  let running: Promise<void> | undefined
  let failing = false
  let closed = false

  const run = async (): Promise<void> => {
    while (writes.length > 0) {
      await gathered(() => writes.length)
      const group = waiters
      const groupWrites = writes
      writes = []
      waiters = []
      failing = !(await settle(group, () => commit(groupWrites, now())))
    }
    running = undefined
  }
  return {
    push(write) {
      if (closed) return Promise.reject(new StoreUnavailable('the store is closed'))
      return new Promise((resolve, reject) => {
        writes.push(write)
        waiters.push({ resolve, reject })
        running ??= run()
      })
    },
    failing: () => failing,
    async close() {
      closed = true
      await running
    },
  }
}

/** Answers everybody in a group; false when it could not be committed. */
async function settle(group: readonly Waiter[], commit: () => Ready<Answer[]>): Promise<boolean> {
  try {
    const answers = await insist(commit)
    group.forEach(({ resolve }, i) => {
      resolve(answers[i] as Answer)
    })
    return true
  } catch (cause) {
    for (const { reject } of group) reject(new StoreUnavailable('not written', { cause }))
    return false
  }
}

/** Tries again while another process writes, without blocking, until patience ends. */
async function insist<T>(attempt: () => Ready<T>): Promise<T> {
  const start = monotonic()
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    try {
      return await attempt()
    } catch (error) {
      if (!isBusy(error) || monotonic() - start > patience) throw error
    }
    await delay(pause)
  }
}
