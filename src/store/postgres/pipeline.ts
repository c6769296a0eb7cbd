/* What is asked of the primary, one statement after another, by whoever has the patience. */
import { monotonic } from '../../base/time.ts'
import { StoreUnavailable } from '../store.ts'
import type { Connection, Listener } from './connection/connection.ts'
import { doubt, findPrimary, type Known, type Primary } from './find.ts'
import { inTime } from './in-time.ts'
import { brokenSince, statementTimeout } from './session.ts'

/** One connection for as long as there is one, and another one after it; statements follow one another on it. */
export interface Pipeline {
  /**
   * Runs what asks something of the connection. Rejects with `StoreUnavailable` where there is none, where
   * too many wait, and where the answer does not come in time; with what the server said otherwise.
   */
  use<T>(ask: (connection: Connection) => Promise<T>): Promise<T>
  /**
   * The same for a commit, which is answered only if the server was still set as the promised durability wants when
   * it was made. Else nothing is served from it before it is again.
   */
  commit<T>(ask: (connection: Connection) => Promise<T>): Promise<T>
}

/** Milliseconds: a little more than the server gives a statement, so that as a rule it says so itself. */
const patience = statementTimeout + 500

/** Milliseconds in which nobody looks for a primary again that was not found, unless another pipeline has found it since. */
const pause = 200

/** How many may wait for answers on one connection. */
const mostWaiting = 10_000

/** One that can be closed. */
export interface OpenPipeline extends Pipeline {
  readonly close: () => Promise<void>
}

/** Makes no connection before the first question. */
export function pipelineTo(known: Known, listener: Listener | undefined): OpenPipeline {
  const primary = connecting(known, listener)
  let waiting = 0
  const use = async <T>(ask: (primary: Primary) => Promise<T>): Promise<T> => {
    if (waiting >= mostWaiting) throw new StoreUnavailable('too many wait for the store')
    waiting += 1
    try {
      return await inTime(patience, 'the store does not answer', async (late) => {
        const found = await primary.connected()
        late(() => found.connection.drop())
        return answered(found, ask)
      })
    } finally {
      waiting -= 1
    }
  }
  return {
    use: (ask) => use(({ connection }) => ask(connection)),
    commit: (ask) => use((found) => kept(known, found, ask)),
    close: primary.close,
  }
}

/** Asks in the round trip of a commit, and behind it, whether what it was to outlive still holds. */
async function kept<T>(
  known: Known,
  { connection, doubts }: Primary,
  ask: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { durability } = known
  if (durability === undefined) return ask(connection)
  const [answer, broken] = await Promise.all([ask(connection), brokenSince(connection, durability)])
  if (broken === undefined) return answer
  doubt(known, doubts, broken)
  throw new StoreUnavailable(`committed, but ${broken}`)
}

/** The connection there is, or a new one; for a while after a look that found none nobody looks again. */
function connecting(known: Known, listener: Listener | undefined) {
  let open: Primary | undefined
  let finding: Promise<Primary> | undefined
  let failed: { readonly at: number; readonly reached: number; readonly cause: unknown } | undefined
  const find = async (): Promise<Primary> => {
    try {
      open = await findPrimary(known, listener)
      failed = undefined
      return open
    } catch (cause) {
      failed = { at: monotonic(), reached: known.reached, cause }
      throw new StoreUnavailable('not connected', { cause })
    } finally {
      finding = undefined
    }
  }
  return {
    async connected(): Promise<Primary> {
      if (known.closed) throw new StoreUnavailable('the store is closed')
      if (open !== undefined && isDoubtful(open, known)) open.connection.drop()
      if (open?.connection.gone === false) return open
      if (finding === undefined && failed !== undefined && isPausing(failed, known))
        throw new StoreUnavailable('not connected', { cause: failed.cause })
      finding ??= find()
      return finding
    },
    close: async (): Promise<void> => {
      await finding?.catch(() => undefined)
      await open?.connection.end()
    },
  }
}

function isPausing(
  failed: { readonly at: number; readonly reached: number },
  known: Known,
): boolean {
  return failed.reached === known.reached && monotonic() - failed.at < pause
}

/** Whether it was made before another primary was met, or before one was found that is set otherwise. */
function isDoubtful({ timeline, doubts }: Primary, known: Known): boolean {
  return timeline < known.timeline || doubts < known.doubts
}

/** An answer that was not given by heart: what the server did not mean, or cannot mean any more, is none. */
async function answered<T>(primary: Primary, ask: (primary: Primary) => Promise<T>): Promise<T> {
  const { connection } = primary
  try {
    const answer = await ask(primary)
    if (!connection.unreplicated) return answer
    connection.drop()
  } catch (error) {
    // It was a primary, and is none any more.
    if ((error as { code?: unknown }).code === readOnly) connection.drop()
    throw error
  }
  throw new StoreUnavailable('committed, but no standby is known to have it')
}

/** SQLSTATE of a write to a server that takes none. */
const readOnly = '25006'
