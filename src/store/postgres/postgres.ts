import type { Random } from '../../base/random.ts'
import type { Clock } from '../../base/time.ts'
import type { ShelfName } from '../backend.ts'
import { type WriteQueue, writeQueue, writesOf } from '../queue.ts'
import { keyForm, type Shelf, StoreUnavailable } from '../store.ts'
import type { Answer, Write } from '../write.ts'
import { countedChanges, toldChanges } from './changes.ts'
import { reader } from './read.ts'
import type { Server } from './server.ts'
import { sweeper } from './sweep.ts'
import { applyStatement, committer, isContested } from './write.ts'

/** What a shelf in a database needs. */
export interface PostgresOptions {
  readonly server: Server
  readonly shelf: ShelfName
  readonly now: Clock
  /** Before when a record has ended that a sweep may delete; `now` if it is not said. */
  readonly sweepable?: Clock | undefined
  readonly random: Random
  /** Runs once this shelf is closed. */
  readonly closed: () => Promise<void>
}

/**
 * A shelf in a table. Writes of one turn share one round trip and one commit, and reads one question. Any number
 * of processes may open it. What the database does not answer in about two seconds is `StoreUnavailable`; where
 * it was a commit, nobody knows whether that was made.
 */
export function postgresStore(options: PostgresOptions): Shelf {
  const { server, shelf, now, sweepable = now, random } = options
  const { schema } = server.place
  const table = `"${schema}".${shelf}`
  const [write, read, upkeep] = [server.pipeline(), server.pipeline(), server.pipeline()]
  const changes = shelf === 'settings' ? toldChanges(server, read) : countedChanges(read)
  const commit = committer(write, applyStatement(schema, shelf), changes.made)
  const queue = writeQueue({ commit, isBusy: isContested, now })
  const reads = reader({ table, read, upkeep, now })
  let closed = false
  const open = <A extends readonly unknown[], T>(verb: (...given: A) => Promise<T>) => {
    return async (...given: A): Promise<T> => {
      if (closed) throw new StoreUnavailable('the store is closed')
      return verb(...given)
    }
  }
  return {
    ...writesOf(bounded(queue), random),
    // What is no key is there under none; others are asked for in the same question.
    get: open(async (key) => (keyForm.test(key) ? reads.get(key) : undefined)),
    list: open(reads.list),
    walk: open(reads.walk),
    changeCount: changes.count,
    failing: () => queue.failing(),
    damaged: () => false,
    reached: server.reached,
    sweep: open(sweeper(upkeep, table, sweepable)),
    async close() {
      if (closed) return
      closed = true
      changes.close()
      await queue.close()
      await options.closed()
    },
  }
}

/** How many writes may wait for a commit. */
const mostWaiting = 10_000

/** Refuses what comes while too many wait: they would be answered when nobody is there any more. */
function bounded(queue: WriteQueue<Write, Answer>): WriteQueue<Write, Answer>['push'] {
  let waiting = 0
  return async (write, behind) => {
    if (waiting >= mostWaiting) throw new StoreUnavailable('too many wait for the store')
    waiting += 1
    try {
      return await queue.push(write, behind)
    } finally {
      waiting -= 1
    }
  }
}
