/** Takes a job to be done soon, beside its like. */
export type Gather = (kind: string, job: () => void) => void

/**
 * Gathers jobs and does them in one go when `soon` comes, kind by kind: what the first of a kind has
 * brought into the processor's caches serves the rest, which saves a tenth of what requests cost
 * under load. Of more than `most` the rest waits for the next time, so that however many come at once,
 * timers and signals have their turn between them; what comes meanwhile is done after these. Jobs must
 * not throw.
 */
export function gatherer(soon: (run: () => void) => void, most = Number.POSITIVE_INFINITY): Gather {
  let kinds = new Map<string, (() => void)[]>()
  let count = 0
  let waiting = false
  /** What was gathered once and was too much for one time, last first. */
  let rest: (() => void)[] = []
  const again = (): void => {
    if (waiting) return
    waiting = true
    soon(run)
  }
  const run = (): void => {
    waiting = false
    if (rest.length === 0) {
      const gathered = kinds
      const fits = count <= most
      kinds = new Map()
      count = 0
      if (fits) {
        for (const jobs of gathered.values()) for (const job of jobs) job()
        return
      }
      rest = [...gathered.values()].flat().reverse()
    }
    for (let i = 0; i < most && rest.length > 0; i++) rest.pop()?.()
    if (rest.length > 0 || count > 0) again()
  }
  return (kind, job) => {
    again()
    count += 1
    const jobs = kinds.get(kind)
    if (jobs === undefined) kinds.set(kind, [job])
    else jobs.push(job)
  }
}
