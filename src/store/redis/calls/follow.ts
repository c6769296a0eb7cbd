import type { Redis } from 'ioredis'
import { reasonOf } from '../../../base/log.ts'
import { delay } from '../../../base/time.ts'
import { StoreUnavailable } from '../../store.ts'
import type { Nodes } from '../nodes.ts'
import { type Hearing, type Kind, type Sent, turns } from './turns.ts'

/** See `following`. */
export interface Following {
  /** Asks the server that has a key. `read` makes of the answer what is told. */
  readonly ask: <I, T>(
    key: string,
    kind: Kind<I>,
    item: I,
    read: (answer: unknown) => T,
  ) => Promise<T>
  /** Whether the last write failed that has ended. */
  readonly failing: () => boolean
  /** While there is a reason, nothing is sent. */
  readonly refuse: (reason: string | undefined) => void
  /** Takes no more, and resolves when everything is answered. */
  readonly close: () => Promise<void>
}

/** A call, and how far it has come. */
interface Call<I = unknown, T = unknown> extends Sent<I> {
  readonly kind: Kind<I>
  asking: boolean
  whole: boolean
  /** Who was asked last. */
  node: Redis | undefined
  /** Times that it may still be sent on. */
  left: number
  ended: boolean
  read(answer: unknown): T
  resolve(told: T): void
  reject(error: Error): void
}

/** How it stands with all calls. */
interface State {
  waiting: number
  failing: boolean
  closed: boolean
  refused: string | undefined
}

/** Times a call follows a key that moved, or is sent again with its script. */
const redirections = 5

/** Calls that may wait for an answer at once. */
const most = 10_000

/**
 * Sends calls to the servers that have their keys. One that was refused for being at the wrong server is sent to
 * the right one, and one whose script is not known there with its script; nothing else is ever sent twice. All that
 * is known of a call that fails is that it was not answered.
 */
export function following(nodes: Nodes, replicated: boolean): Following {
  const state: State = { waiting: 0, failing: false, closed: false, refused: undefined }
  const hearing: Hearing<Call> = {
    answered(call, answer) {
      if (end(state, call, false)) tell(call, answer)
    },
    failed(call, error) {
      if (call.ended) return
      if (sentOn(nodes, call, error)) go(call)
      else if (end(state, call, true)) call.reject(failure(error))
    },
    // What stands there would be done some time later, when nobody waits for it any more.
    late: nodes.drop,
  }
  const { send, close } = turns(replicated, hearing)
  const go = (call: Call): void => {
    if (call.node === undefined)
      hearing.failed(call, new StoreUnavailable('no Redis answers for it'))
    else send(call.node, call.kind, call)
  }
  return {
    ask: (key, kind, item, read) =>
      new Promise((resolve, reject) => {
        admit(state)
        go(callOf(nodes.at(key), kind, item, { read, resolve, reject }))
      }),
    failing: () => state.failing,
    refuse(reason) {
      state.refused = reason
    },
    async close() {
      state.closed = true
      while (state.waiting > 0) await delay(5)
      close()
    },
  }
}

function callOf<I, T>(
  node: Redis | undefined,
  kind: Kind<I>,
  item: I,
  { read, resolve, reject }: Pick<Call<I, T>, 'read' | 'resolve' | 'reject'>,
): Call<I, T> {
  return {
    kind,
    item,
    node,
    asking: false,
    whole: false,
    left: redirections,
    until: 0,
    ended: false,
    read,
    resolve,
    reject,
  }
}

/** @throws StoreUnavailable where nothing may be sent, or too many wait. */
function admit(state: State): void {
  if (state.refused !== undefined) throw new StoreUnavailable(state.refused)
  if (state.closed) throw new StoreUnavailable('the store is closed')
  if (state.waiting >= most) throw new StoreUnavailable('too many wait for Redis')
  state.waiting += 1
}

/** Ends the waiting of a call; false where it had ended. */
function end(state: State, call: Call, failed: boolean): boolean {
  if (call.ended) return false
  call.ended = true
  state.waiting -= 1
  if (call.kind.writes) state.failing = failed
  return true
}

function tell(call: Call, answer: unknown): void {
  try {
    call.resolve(call.read(answer))
  } catch (error) {
    call.reject(error as Error)
  }
}

/** Whether a call that failed is to be sent again, and then how and where. */
function sentOn(nodes: Nodes, call: Call, error: unknown): boolean {
  if (call.left === 0 || call.node === undefined) return false
  call.left -= 1
  const reason = reasonOf(error)
  // Nothing was done: sent anew it has a turn of its own, with a WAIT behind it.
  if (reason.startsWith('NOSCRIPT')) {
    call.whole = true
    return true
  }
  // A master that became a replica: another one takes writes.
  if (/\bREADONLY\b/.test(reason)) nodes.drop(call.node)
  const to = nodes.redirected(error)
  if (to === undefined) return false
  call.node = to.node
  call.asking = to.asking
  return true
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
