/* One client that pushes at a fixed rate, as a process of its own: what it costs to send is no time of the others. */
import { connections } from './drive.ts'
import { pushMessage, type Target } from './load.ts'
import { openPool } from './pool.ts'

/** What it is told: to push so often in a second until it is told to stop, or to say what it was answered so far. */
export type HostileOrder =
  | {
      readonly push: Pick<Target, 'issuer' | 'par'>
      readonly origin: string
      readonly rate: number
    }
  | 'count'
  | 'stop'

/** How many of its pushes were answered how. */
export interface Answered {
  readonly admitted: number
  readonly refused: number
  /** By any other status. */
  readonly otherwise: number
}

let counts: Answered = { admitted: 0, refused: 0, otherwise: 0 }
let stop: (() => void) | undefined

function pushAt({ push, origin, rate }: Extract<HostileOrder, { readonly rate: number }>): void {
  const pool = openPool(origin, connections)
  const { headers, body } = pushMessage('basic', push)
  counts = { admitted: 0, refused: 0, otherwise: 0 }
  let [sent, running, told] = [0, true, false]
  const start = performance.now()
  const one = async (): Promise<void> => {
    const { status } = await pool.send('POST', push.par, headers, body)
    if (!running) return
    const name = status === 201 ? 'admitted' : status === 429 ? 'refused' : 'otherwise'
    counts = { ...counts, [name]: counts[name] + 1 }
    if (!told) process.send?.(counts)
    told = true
  }
  const step = (): void => {
    if (!running) return
    const due = ((performance.now() - start) * rate) / 1000
    // What is lost when it stops is no answer.
    for (; sent < due; sent += 1) one().catch(() => undefined)
    setTimeout(step, 1)
  }
  stop = () => {
    running = false
    pool.close()
  }
  step()
}

process.on('message', (order: HostileOrder) => {
  if (typeof order === 'object') return pushAt(order)
  if (order === 'stop') stop?.()
  process.send?.(counts)
})
