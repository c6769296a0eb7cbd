import type { Redis } from 'ioredis'
import { reasonOf } from '../../base/log.ts'
import { StoreUnavailable } from '../store.ts'
import type { Nodes } from './nodes.ts'
import { type Command, type Sending, turns } from './turns.ts'
import { waiting } from './waiting.ts'

/** See `callsTo`. */
export interface Calls {
  readonly read: <T>(key: string, command: Command<T>) => Promise<T>
  /** Answers when what was written is as durable as it has to be. */
  readonly write: <T>(key: string, command: Command<T>) => Promise<T>
  /** Whether the last write failed that has ended. */
  readonly failing: () => boolean
  /** While there is a reason, nothing is sent. */
  readonly refuse: (reason: string | undefined) => void
  /** Takes no more, and resolves when everything is answered. */
  readonly close: () => Promise<void>
}

type What<T> = Pick<Sending<T>, 'command' | 'writes'>

/** How far a call has come: who was asked last. */
interface Way {
  node: Redis | undefined
}

/** Times a command follows a key that moved, or is sent again with its script. */
const redirections = 5

/**
 * Sends commands to the servers that have their keys. One that was refused for being at the wrong server is sent to
 * the right one, and one whose script is not known there with its script; nothing else is ever sent twice. All that is known of a call that fails is that it was not answered.
 */
export function callsTo(nodes: Nodes, replicated: boolean): Calls {
  const send = turns(replicated)
  const waiters = waiting()
  let refused: string | undefined
  let failing = false
  const call = async <T>(key: string, what: What<T>, way: Way): Promise<T> => {
    if (refused !== undefined) throw new StoreUnavailable(refused)
    return follow(nodes, send, key, what, way).catch((error: unknown) => {
      throw failure(error)
    })
  }
  const answered = <T>(key: string, what: What<T>): Promise<T> => {
    const way: Way = { node: undefined }
    // What stands there would be done some time later, when nobody waits for it any more.
    return waiters.for(
      () => call(key, what, way),
      () => way.node && nodes.drop(way.node),
    )
  }
  return {
    read: (key, command) => answered(key, { command, writes: false }),
    async write(key, command) {
      try {
        const answer = await answered(key, { command, writes: true })
        failing = false
        return answer
      } catch (error) {
        failing = true
        throw error
      }
    },
    failing: () => failing,
    refuse(reason) {
      refused = reason
    },
    close: () => waiters.close(),
  }
}

async function follow<T>(
  nodes: Nodes,
  send: (sending: Sending<T>) => Promise<T>,
  key: string,
  what: What<T>,
  way: Way,
): Promise<T> {
  let node = nodes.at(key)
  let [asking, whole] = [false, false]
  for (let left = redirections; ; left -= 1) {
    if (node === undefined) throw new StoreUnavailable('no Redis answers for it')
    way.node = node
    try {
      return await send({ ...what, node, asking, whole })
    } catch (error) {
      if (left === 0) throw error
      // Nothing was done: sent anew it has a turn of its own, which replicas are waited for behind it.
      if (isUnknown(error)) {
        whole = true
        continue
      }
      const to = nodes.redirected(error)
      if (to === undefined) throw error
      ;({ node, asking } = to)
    }
  }
}

/** Whether a server refused a script by its name: it was started anew, or its scripts were flushed. */
function isUnknown(error: unknown): boolean {
  return reasonOf(error).startsWith('NOSCRIPT')
}

/** What Redis says when it cannot do it now; a script of version 6 has it inside of its own words. */
const unable =
  /\b(OOM|MISCONF|READONLY|LOADING|BUSY|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|TRYAGAIN|MOVED|ASK|NOAUTH|NOPERM|WRONGPASS|UNKILLABLE)\b/

/** An error as a store tells it: what Redis says of a command that is wrong is a bug of ours. */
function failure(cause: unknown): Error {
  if (cause instanceof StoreUnavailable) return cause
  const { name, message } = cause as Error
  if (name === 'ReplyError' && !unable.test(message)) return cause as Error
  return new StoreUnavailable('Redis could not do it', { cause })
}
