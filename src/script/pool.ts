import { answered, turns } from '../base/fetch/turns.ts'
import { memo } from '../base/memo.ts'
import type { ScriptBounds } from '../realm/script/rules.ts'
import type { Run } from './run.ts'
import { ScriptFailed } from './run.ts'
import { work } from './work.ts'
import type { Thread } from './worker.ts'
import { startThread } from './worker.ts'

export interface Pool {
  /** What the script gave back, as JSON that nobody has looked at. @throws ScriptFailed */
  run(run: Run): Promise<string>
}

/** Threads for scripts: none is there before the first script, and so many at most. */
export const poolOf: (bounds: ScriptBounds) => Pool = memo((bounds: ScriptBounds): Pool => {
  const idle: Thread[] = []
  const { threads: all } = bounds
  const takers = turns({
    ...{ all, unknown: Math.max(1, all - 1), failed: Math.max(1, Math.floor(all / 2)) },
    each: Math.max(1, all - 1),
    ...{ waiting: 1000, waitingEach: 500 },
  })
  let runs = 0
  return {
    async run(run) {
      const end = new AbortController()
      const patience = setTimeout(() => end.abort(), bounds.whole)
      try {
        await turn(takers, run, end.signal)
        const job = { ...run, run: ++runs, bounds }
        const thread = idle.pop() ?? (await startThread(bounds))
        const told = await work(thread, job, end.signal)
        idle.push(thread)
        if (told.kind === 'failed') throw new ScriptFailed(told.reason)
        end.abort(answered)
        return told.result
      } finally {
        clearTimeout(patience)
        end.abort()
      }
    },
  }
})

/** Waits for a turn, no longer than a script may last. */
async function turn(
  takers: ReturnType<typeof turns>,
  { by, realm }: Run,
  ended: AbortSignal,
): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    ended.addEventListener('abort', () => reject(new ScriptFailed('too many scripts run')))
  })
  late.catch(() => undefined)
  const taken = takers.take(by, ended, realm).catch(() => {
    throw new ScriptFailed('too many scripts wait')
  })
  await Promise.race([taken, late])
}
