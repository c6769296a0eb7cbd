import { StoreUnavailable } from '../store.ts'

/** Runs something for so many milliseconds; whoever waits is answered then, and what was said to be done is. */
export async function inTime<T>(
  ms: number,
  what: string,
  run: (late: (act: () => void) => void) => Promise<T>,
): Promise<T> {
  const act = { late: (): void => undefined, over: false }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      act.over = true
      act.late()
      reject(new StoreUnavailable(what))
    }, ms)
  })
  try {
    const done = run((then) => {
      if (act.over) then()
      else act.late = then
    })
    return await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
  }
}
