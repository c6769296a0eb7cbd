import { event } from '../base/log.ts'
import { delay } from '../base/time.ts'
import { forThisRequest } from '../base/trace.ts'
import { StoreUnavailable } from '../store/store.ts'
import type { Letter } from './letter.ts'
import type { Deliver } from './smtp.ts'

/** Of what a letter is, for the log: nothing of what is in it, and not to whom it goes. */
export interface About {
  readonly realm: string
  /** What it was made of: a template, or what a journey’s node sends. */
  readonly letter: string
}

/** Something that is to be sent; it is made when its turn comes, so that nobody waits for that either. */
export interface Sending {
  readonly about: About
  readonly deliver: Deliver
  /** The letter; undefined: there is none to send after all. */
  readonly make: () => Promise<Letter | undefined>
}

/** Letters on their way. */
export interface Queue {
  /** False: there are too many on their way. */
  readonly take: (sending: Sending) => boolean
  /** Once nothing is on its way. */
  readonly idle: () => Promise<void>
  /** Takes no more; waits for what is on its way, for so many milliseconds at most. */
  readonly stop: (limit: number) => Promise<void>
}

/** Letters that may be on their way, and how many of them at once. */
const most = { waiting: 1000, atOnce: 4 } as const

/** Milliseconds before a letter is made: the answer to whoever asked for it is not to wait for that work. */
const afterAnswer = 200

/** Milliseconds before a letter is tried again. */
const pauses = [5_000, 60_000, 300_000] as const

/** Sends letters, a few at once, and tries again what a server did not take for now. */
export function mailQueue(
  wait: (ms: number) => Promise<void> = pause,
  calm: () => Promise<void> = () => pause(afterAnswer),
): Queue {
  const waiting: (() => Promise<void>)[] = []
  const { resting, rest } = rests(calm)
  const pending = new Set<Promise<void>>()
  const state: Standing = { stopped: false, unfinished: 0 }
  const next = (): void => {
    const begin = pending.size < most.atOnce ? waiting.shift() : undefined
    if (begin === undefined) return
    const work = begin().finally(() => {
      pending.delete(work)
      next()
    })
    pending.add(work)
  }
  const idle = (): Promise<void> => allOf(resting, pending)
  return {
    take(sending) {
      if (state.stopped || state.unfinished >= most.waiting) return false
      state.unfinished += 1
      const begin = forThisRequest(() => send(sending, wait, state))
      rest(() => {
        waiting.push(begin)
        next()
      })
      return true
    },
    idle,
    async stop(limit) {
      state.stopped = true
      await Promise.race([idle(), pause(limit)])
      if (state.unfinished > 0) event('mail.lost', { letters: state.unfinished }, 'warn')
    },
  }
}

/** What a queue knows of all that it took. */
interface Standing {
  stopped: boolean
  unfinished: number
}

/** Sends something, or hands it on to be tried again. It does not hold one of the few places while it waits. */
async function send(
  sending: Sending,
  wait: (ms: number) => Promise<void>,
  state: Standing,
): Promise<void> {
  const finished = (): void => {
    state.unfinished -= 1
  }
  const isStopped = (): boolean => state.stopped
  if (await attempt(sending, isStopped() ? pauses.length : 0))
    void retry(sending, wait, isStopped).finally(finished)
  else finished()
}

/** What is not begun before its time has come. */
function rests(calm: () => Promise<void>) {
  const resting = new Set<Promise<void>>()
  const rest = (begin: () => void): void => {
    const over = calm().then(() => {
      resting.delete(over)
      begin()
    })
    resting.add(over)
  }
  return { resting, rest }
}

/** Once none is left, those that come meanwhile too. */
async function allOf(...sets: readonly ReadonlySet<Promise<void>>[]): Promise<void> {
  while (sets.some(({ size }) => size > 0)) await Promise.all(sets.flatMap((set) => [...set]))
}

async function retry(
  sending: Sending,
  wait: (ms: number) => Promise<void>,
  isStopped: () => boolean,
): Promise<void> {
  for (const [i, ms] of pauses.entries()) {
    await wait(ms)
    if (!(await attempt(sending, isStopped() ? pauses.length : i + 1))) return
  }
}

/** One try; whether it is worth another one. */
async function attempt({ about, deliver, make }: Sending, tries: number): Promise<boolean> {
  try {
    const letter = await make()
    if (letter === undefined) return false
    await deliver(letter)
    event('mail.sent', { realm: about.realm, letter: about.letter, tries: tries + 1 })
    return false
  } catch (error) {
    const final = tries >= pauses.length || isFinal(error)
    const { realm, letter } = about
    const what = { realm, letter, tries: tries + 1, reason: reasonIn(error), final }
    event('mail.failed', what, isFault(error) ? 'alarm' : 'warn')
    return !final
  }
}

/** RFC 5321 §4.2.1: a server that answers 5yz will not take it later either. */
function isFinal(error: unknown): boolean {
  const code = responseCode(error)
  return code !== undefined && code >= 500
}

function responseCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined
  return typeof code === 'number' ? code : undefined
}

/** Neither the mail server nor the store stands behind it: a bug. */
function isFault(error: unknown): boolean {
  return codeOf(error) === undefined && !(error instanceof StoreUnavailable)
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** What servers say names those who are written to, so only the codes are told. */
function reasonIn(error: unknown): string {
  const code = codeOf(error) ?? (error instanceof Error ? error.name : 'fault')
  const answered = responseCode(error)
  return answered === undefined ? code : `${code} ${answered}`
}

function pause(ms: number): Promise<void> {
  return delay(ms, false)
}
