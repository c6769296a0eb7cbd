import assert from 'node:assert/strict'
import type { Letter } from '../src/mail/letter.ts'
import type { Mail } from '../src/mail/mail.ts'
import { mailQueue } from '../src/mail/queue.ts'

/** A way for letters that keeps them. */
export interface LetterBox {
  readonly mail: Mail
  readonly letters: readonly Letter[]
  /** Those that have come since this was asked before, once nothing is on its way. */
  fresh(): Promise<readonly Letter[]>
  /** The link in the only fresh one. */
  link(): Promise<string>
}

export function letterBox(): LetterBox {
  const letters: Letter[] = []
  // Nobody here waits for an answer meanwhile.
  const queue = mailQueue(undefined, async () => undefined)
  const keep = async (letter: Letter): Promise<void> => {
    letters.push(letter)
  }
  let seen = 0
  const box: LetterBox = {
    letters,
    mail: {
      ...{ ready: true, idle: queue.idle, stop: queue.stop },
      send: (about, make, by = keep) => queue.take({ about, make, deliver: by }),
    },
    async fresh() {
      await queue.idle()
      const fresh = letters.slice(seen)
      seen = letters.length
      return fresh
    },
    async link() {
      const [letter, more] = await box.fresh()
      assert.ok(letter !== undefined && more === undefined)
      const found = /https?:\S+/.exec(letter.text)?.[0]
      assert.ok(found !== undefined, letter.text)
      return found
    },
  }
  return box
}

/** What a link that resumes a journey carries. */
export function suspendedIdIn(link: string): string {
  return new URL(link).searchParams.get('suspendedId') ?? ''
}
