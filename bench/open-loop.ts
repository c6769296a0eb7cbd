/** Calls at fixed times, whatever became of those before: who waits for answers asks a slow server less. */

export interface Looped<T> {
  /** Milliseconds from when each call was due to its answer. */
  readonly spent: Float64Array
  /** Of that, milliseconds by which the driver itself was late. */
  readonly late: Float64Array
  readonly answers: readonly T[]
}

/**
 * Makes `rate * seconds` calls. The driver sleeps between them and may be late by a millisecond: one that never slept
 * would keep a core from the server, and from the system's own writing to the disk.
 */
export function openLoop<T>(
  rate: number,
  seconds: number,
  send: () => Promise<T>,
): Promise<Looped<T>> {
  const count = rate * seconds
  const [spent, late] = [new Float64Array(count), new Float64Array(count)]
  const answers: T[] = []
  const start = performance.now() + 10
  const due = (i: number): number => start + (i * 1000) / rate
  return new Promise((resolve, reject) => {
    let sent = 0
    const one = async (i: number): Promise<void> => {
      late[i] = performance.now() - due(i)
      const answer = await send()
      spent[i] = performance.now() - due(i)
      if (answers.push(answer) === count) resolve({ spent, late, answers })
    }
    const step = (): void => {
      for (; sent < count && due(sent) <= performance.now(); sent += 1) one(sent).catch(reject)
      if (sent < count) setTimeout(step, 0)
    }
    step()
  })
}
