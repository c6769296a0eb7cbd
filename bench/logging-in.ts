/* Many who log in at once, as a process of its own. Each is somebody else, and comes again as soon as they are answered. */
import { setTimeout as pause } from 'node:timers/promises'
import { answerTo, postStep, step } from './log-in.ts'
import { password } from './people.ts'
import { openPool } from './pool.ts'

/**
 * What it is told once it has said that it is there: who they are, and where. It logs them in until it is told to
 * stop, and says how often one was. It may be told again.
 */
export interface Flood {
  readonly origin: string
  readonly issuer: string
  readonly logins: number
}

let stop = async (): Promise<number> => 0

function begin({ origin, issuer, logins }: Flood): void {
  const pool = openPool(origin, logins)
  let going = true
  let done = 0
  const worker = async (name: string): Promise<void> => {
    while (going) {
      const { authId } = step(await postStep(issuer, pool, '{}'))
      const { status } = await postStep(issuer, pool, answerTo(authId, name, password))
      if (status === 200) done += 1
      // For whom there is no room is refused unhashed, and comes again as they are told.
      else await pause(1000)
    }
  }
  const workers = Array.from({ length: logins }, (_, i) => worker(`user-${i}`))
  stop = async () => {
    going = false
    await Promise.all(workers)
    pool.close()
    return done
  }
}

process.on('message', (order: Flood | 'stop') => {
  if (order !== 'stop') begin(order)
  else void stop().then((done) => process.send?.(done))
})
process.send?.('ready')
