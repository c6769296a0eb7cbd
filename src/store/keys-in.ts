import type { Store } from './store.ts'

/** How many keys are asked for at once. */
const pageSize = 1000

/** Every key of a folder, in order, however many pages there are. */
export async function* keysIn(
  store: Pick<Store, 'list'>,
  folder: string,
): AsyncGenerator<string, void> {
  let cursor: string | undefined
  do {
    const page = await store.list(folder, pageSize, cursor)
    yield* page.keys
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** The same, all at once. */
export async function allKeysIn(
  store: Pick<Store, 'list'>,
  folder: string,
): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const key of keysIn(store, folder)) keys.push(key)
  return keys
}
