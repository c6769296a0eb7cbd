import type { Store } from './store.ts'

/** How many keys are asked for at once. */
const pageSize = 1000

/** Where to begin: behind a key or a text that could be one; and how many keys to ask for first. */
export interface Start {
  readonly after?: string | undefined
  readonly first?: number
}

/** Every key of a folder, in order, however many pages there are. */
export async function* keysIn(
  store: Pick<Store, 'list'>,
  folder: string,
  { after, first = pageSize }: Start = {},
): AsyncGenerator<string, void> {
  let cursor = after
  let limit = Math.min(first, pageSize)
  do {
    const page = await store.list(folder, limit, cursor)
    yield* page.keys
    cursor = page.cursor
    limit = pageSize
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
