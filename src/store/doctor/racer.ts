/* Somebody who writes as others do at the same time; this file is also what a process of its own runs. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { reasonOf } from '../../base/log.ts'
import { random } from '../../base/random.ts'
import { now } from '../../base/time.ts'
import { rawShelves } from '../index.ts'
import { type Shelf, type Store, StoreUnavailable } from '../store.ts'

/** So many tries at once of one verb on one key. */
export interface Burst {
  readonly verb: keyof typeof tries
  readonly key: string
  /** For `mark`: what is spent, in another folder than the key, which may be another machine's. */
  readonly mark: string
  /** For `replace`. */
  readonly version: number
  readonly expiry: number
  readonly times: number
}

/** What became of each try. */
export interface Outcomes {
  readonly won: number
  readonly lost: number
  /** What nothing is known of. */
  readonly unknown: number
  /** Why, of the first of those. */
  readonly why: string | undefined
  /** What no store may answer. */
  readonly wrong: readonly string[]
}

/** One of several who race. */
export interface Racer {
  readonly burst: (burst: Burst) => Promise<Outcomes>
  /** Whether it sees a key. */
  readonly sees: (key: string) => Promise<boolean>
  readonly end: () => Promise<void>
}

const value = Buffer.from('doctor')

type Try = (store: Store, burst: Burst, i: string) => Promise<boolean>

const tries = {
  insert: async (store, { key, expiry }) => (await store.insert(key, value, expiry)) === 'won',
  replace: async (store, { key, version, expiry }) =>
    (await store.replace(key, version, value, expiry)) === 'won',
  delete: (store, { key }) => store.delete(key),
  /** Each writes another record, all with one mark. */
  mark: async (store, { key, mark, expiry }, i) =>
    (await store.insert(`${key}-${i}`, value, expiry, { key: mark, expiry })) === 'won',
} as const satisfies Record<string, Try>

/** Races on a shelf that is open here. */
export function racerOn(shelf: Shelf): Racer {
  return {
    async burst(burst) {
      const attempt: Try = tries[burst.verb]
      const all = await Promise.allSettled(
        Array.from({ length: burst.times }, () => attempt(shelf, burst, random(6).toString('hex'))),
      )
      const failed = all.flatMap((each) =>
        each.status === 'rejected' ? [each.reason as unknown] : [],
      )
      const known = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      const unknown = failed.filter((each) => each instanceof StoreUnavailable)
      return {
        won: known.filter(Boolean).length,
        lost: known.filter((won) => !won).length,
        unknown: unknown.length,
        why: unknown.length === 0 ? undefined : reasonOf(unknown[0]),
        wrong: failed.filter((each) => !(each instanceof StoreUnavailable)).map(reasonOf),
      }
    },
    sees: async (key) => (await shelf.get(key)) !== undefined,
    end: () => shelf.close(),
  }
}

/** What a racing process is told first; by the way between both, so that no password stands in a command line. */
interface Start {
  readonly url: string
  readonly keyText: string
  /** Seconds by which its clock is ahead. */
  readonly ahead: number
}

type Call = { readonly burst: Burst } | { readonly sees: string }
type Answer =
  | { readonly is: unknown }
  /** `away`: the store did not answer, which is no fault of the process. */
  | { readonly failed: string; readonly away: boolean }

/** A process of its own that has the records open, with a clock that is some seconds ahead, or behind. */
export async function racingProcess(start: Start): Promise<Racer> {
  const child = fork(new URL(import.meta.url), [marker], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const ask = asker(child)
  try {
    await ask(start)
  } catch (error) {
    child.kill()
    throw error
  }
  return {
    burst: (burst) => ask({ burst } satisfies Call) as Promise<Outcomes>,
    sees: (key) => ask({ sees: key } satisfies Call) as Promise<boolean>,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

/** One question at a time. */
function asker(child: ChildProcess): (question: object) => Promise<unknown> {
  return (question) =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('a process of the doctor ended'))
      child.once('exit', ended)
      child.once('message', (message) => {
        child.off('exit', ended)
        const answer = message as Answer
        if (!('failed' in answer)) resolve(answer.is)
        else reject(new (answer.away ? StoreUnavailable : Error)(answer.failed))
      })
      child.send(question)
    })
}

const marker = 'parapet-doctor-racer'

/** What such a process runs. */
async function race({ url, keyText, ahead }: Start): Promise<(call: Call) => Promise<unknown>> {
  const clock = (): number => now() + ahead
  const { settings, records } = await rawShelves({
    ...{ url, keyText, now: clock, sweepable: () => 0, random, writer: 'here' },
  })
  const racer = racerOn(records)
  process.once('disconnect', () => {
    void Promise.all([settings.close(), racer.end()]).finally(() => process.exit())
  })
  return (call) => ('burst' in call ? racer.burst(call.burst) : racer.sees(call.sees))
}

if (process.argv[2] === marker) {
  let answer: ((call: Call) => Promise<unknown>) | undefined
  process.on('message', (message) => {
    const done = async (): Promise<unknown> => {
      if (answer !== undefined) return answer(message as Call)
      answer = await race(message as Start)
      return 'open'
    }
    done().then(
      (is) => process.send?.({ is: is ?? null } satisfies Answer),
      (error: unknown) => {
        const away = error instanceof StoreUnavailable
        process.send?.({ failed: reasonOf(error), away } satisfies Answer)
      },
    )
  })
}
