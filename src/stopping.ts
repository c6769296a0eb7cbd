/* What a server does beside answering, and how all of it ends. */
import { event } from './base/log.ts'
import type { TrustedTime } from './base/trusted-time.ts'
import { keepRotated } from './realm/key/rotation.ts'
import type { Listener } from './server/node.ts'
import type { Stores } from './store/index.ts'
import type { TimeKeeping } from './store/kept-time.ts'
import { keepSwept } from './store/sweeper.ts'

/** What lasts as long as the server. */
export interface Kept extends Stores {
  readonly time: TrustedTime
  readonly timekeeping: TimeKeeping
}

/** Something that is stopped with the server, within so many milliseconds if it goes by that. */
interface Stopped {
  stop(limit: number): unknown
}

/** Milliseconds for which a server that stops waits for letters on their way. */
const patience = 5000

/** Begins what a server does beside answering; gives what ends all of it. */
export function stopping(
  listener: Listener,
  stores: Kept,
  beside: readonly Stopped[],
): (limit?: number) => Promise<void> {
  const guard = stores.keepGuard?.()
  const keepers = [
    keepSwept(stores.records),
    keepSwept(stores.settings),
    keepRotated(stores.settings, stores.time),
  ]
  return async (limit) => {
    for (const keeper of keepers) keeper.stop()
    await listener.stop(limit)
    for (const each of beside) await each.stop(patience)
    await stores.timekeeping.stop()
    await guard?.stop()
    await stores.close()
    event('server.stopped', {})
  }
}
