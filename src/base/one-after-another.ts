/** What ends last of those who wait, by a name that they share. */
export type Waiting = Map<string, Promise<unknown>>

/** Does works of one name one after another, each after what came before it has ended, well or not. */
export async function oneAfterAnother<T>(
  waiting: Waiting,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const mine = (waiting.get(name) ?? Promise.resolve()).then(work)
  const end = mine.catch(() => undefined)
  waiting.set(name, end)
  try {
    return await mine
  } finally {
    if (waiting.get(name) === end) waiting.delete(name)
  }
}
