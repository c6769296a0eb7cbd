import { forThisRequest } from '../base/trace.ts'
import type { Job, Reply, Told } from './message.ts'
import type { Run } from './run.ts'
import { CallRefused, ScriptFailed } from './run.ts'
import type { Thread } from './worker.ts'

/**
 * Milliseconds for which a thread is trusted to end a script by itself: it counts what it computes, and may be kept from
 * that by whatever else the machine does.
 */
function trusted({ bounds }: Job): number {
  return bounds.computing * 4 + 1000
}

export type Work = Run & Job

type Call = Extract<Told, { kind: 'call' }>
type End = Extract<Told, { kind: 'end' | 'failed' }>

/**
 * Runs a script in a thread until it has come to its end, or failed. What does not come back in time ends with the
 * thread. @throws ScriptFailed
 */
export async function work(thread: Thread, job: Work, ended: AbortSignal): Promise<End> {
  const { worker, reply } = thread
  const { promise, resolve, reject } = Promise.withResolvers<End>()
  const tooLong = (): void => reject(new ScriptFailed('it took too long'))
  const gone = (): void => reject(new ScriptFailed('its thread has ended'))
  let timer = setTimeout(tooLong, trusted(job))
  const heard = forThisRequest((told: Told): void => {
    if (told.kind === 'ready' || told.run !== job.run) return
    if (told.kind === 'log') job.log(told.level, told.text)
    else if (told.kind !== 'call') resolve(told)
    else {
      clearTimeout(timer)
      answerTo(told, job, ended).then((sent) => {
        if (ended.aborted) return
        timer = setTimeout(tooLong, trusted(job))
        reply(sent)
      }, reject)
    }
  })
  ended.addEventListener('abort', tooLong, { once: true })
  worker.on('message', heard).once('error', reject).once('exit', gone).ref()
  try {
    worker.postMessage(jobOf(job))
    return await promise
  } catch (error) {
    void worker.terminate()
    throw error
  } finally {
    clearTimeout(timer)
    ended.removeEventListener('abort', tooLong)
    worker.off('message', heard).off('error', reject).off('exit', gone).unref()
  }
}

function jobOf({ run, kind, name, source, input, bounds }: Work): Job {
  return { run, kind, name, source, input, bounds }
}

/** Only what is meant for the script is told to it; all else is a bug of the server's. */
async function answerTo(
  { run, number, name, args }: Call,
  work: Work,
  ended: AbortSignal,
): Promise<Reply> {
  try {
    const text = await work.answer(name, args, ended)
    if (text.length > work.bounds.callLength) throw new CallRefused('the answer is too large')
    return { run, number, ok: true, text }
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error
    return { run, number, ok: false, text: error.message }
  }
}
