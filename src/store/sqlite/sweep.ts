import type { Clock } from '../../base/time.ts'
import { keyTime } from '../store.ts'
import type { Reader } from './read.ts'

const batch = 200

/** Batches one sweep may look at while it finds nothing to delete. */
const looks = 20

/** No key that begins with a time sorts from here on (before the year 500,000). */
const untimed = '1'

/**
 * Sweeps by the order of keys. A cursor moves forward through the keys whose time has come, so that
 * each is met once and neighbours go together; what lives on (a grant outlives its push) stays
 * behind it. A second cursor goes slowly over what stayed and over the keys without a time, one
 * batch whenever the first has nothing to do. What has come is told by `sweepable`. Answers how many records went; undefined when the first
 * has met none for a while and is not through: after a start it passes all that lives on.
 */
export function sweeper(
  span: Reader['span'],
  sweepable: Clock,
  remove: (after: string, upTo: string, before: number) => Promise<number>,
): () => Promise<number | undefined> {
  let front = ''
  let back = ''

  const forward = async (time: number): Promise<number | 'through' | undefined> => {
    for (let i = 0; i < looks; i += 1) {
      const after = front
      const { last, keys, garbage } = span(after, keyTime(time), batch, time)
      front = last ?? front
      if (garbage > 0) return remove(after, front, time)
      if (keys < batch) return 'through'
    }
    return undefined
  }
  const slow = async (time: number): Promise<number> => {
    const after = back
    const timed = after < untimed
    const { last, keys, garbage } = span(after, timed ? keyTime(time) : '\x7f', batch, time)
    if (keys === batch) back = last ?? ''
    else back = timed ? untimed : ''
    return garbage > 0 && last !== undefined ? remove(after, last, time) : 0
  }
  return async () => {
    const time = sweepable()
    const swept = await forward(time)
    return swept === 'through' ? slow(time) : swept
  }
}
