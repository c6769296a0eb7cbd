import { availableParallelism } from 'node:os'
import type { Turn } from '../turns.ts'
import { turns } from '../turns.ts'

/**
 * How many run at once: each keeps a processor busy for 12 ms or more, and its caches with 19 MiB. One processor is left
 * to the thread that answers, where there are two or more.
 */
export const lanes = Math.max(1, Math.min(2, availableParallelism() - 1))

/**
 * Verifications of one kind that may wait for their turn: about a second's worth. People wait some seconds rather than
 * be told to come again, which costs as much as letting them wait.
 */
const mostWaiting = { login: 400, others: 100 }

/**
 * People of one source, and of all, who may wait with their work begun. Whoever waits like that keeps some thirty kilobytes
 * alive, which each collection of young garbage copies; who has not begun keeps their request. Of a source it is one more
 * than there are lanes, so that no lane stands empty until the next one has begun.
 */
const mostBegun = { ofOne: lanes + 1, inAll: 4 * (lanes + 1) }

export interface Waiting {
  readonly start: () => void
  readonly refuse: () => void
}

/** Verifications that wait for a lane. */
export const waiting = turns<Waiting>((kind) =>
  kind === 'login' ? mostWaiting.login : mostWaiting.others,
)

interface Held {
  readonly begin: () => void
  readonly refuse: () => void
}

/** Work that would come to wait there, and is not begun. */
export const held = turns<Held>(() => mostWaiting.login - mostBegun.inAll)

/** Whether somebody who may come to be hashed begins now, or is held. */
export function mayBegin({ kind, source }: Turn): boolean {
  return waiting.waiting(kind) < mostBegun.inAll && waiting.waiting(kind, source) < mostBegun.ofOne
}
