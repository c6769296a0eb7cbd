import type { ScriptBounds } from '../realm/script/rules.ts'

/** What a thread is told to run. */
export interface Job {
  /** Tells the answers to this run's questions from those to an earlier one. */
  readonly run: number
  /** Which of the beginnings of `prelude/start.js`: `decision`. */
  readonly kind: string
  /** For the places in errors. */
  readonly name: string
  readonly source: string
  /** What the script is given, as JSON. */
  readonly input: string
  readonly bounds: ScriptBounds
}

/** What a thread tells. */
export type Told =
  | { readonly kind: 'ready' }
  /** The script asks for something and waits. */
  | {
      readonly kind: 'call'
      readonly run: number
      readonly number: number
      readonly name: string
      readonly args: string
    }
  | { readonly kind: 'log'; readonly run: number; readonly level: string; readonly text: string }
  /** What it gives back, as JSON that nobody has looked at yet. */
  | { readonly kind: 'end'; readonly run: number; readonly result: string }
  | { readonly kind: 'failed'; readonly run: number; readonly reason: string }

/** The answer to a question: JSON, or what the script is to catch. */
export interface Reply {
  readonly run: number
  readonly number: number
  readonly ok: boolean
  readonly text: string
}

/** What a thread is given at its start. */
export interface ThreadData {
  readonly replies: import('node:worker_threads').MessagePort
  /** One 32-bit number, at which the thread waits. */
  readonly bell: SharedArrayBuffer
  /** Bytes that its interpreter may have beside what it begins with. */
  readonly memory: number
}
