import type { Page, Store } from './store.ts'

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

/** Keys that are asked for next, in their order: after one, before another, at most so many. */
export interface KeyRange {
  readonly after: string
  readonly before: string
  readonly limit: number
}

/**
 * A page of the keys directly in a folder, where a store keeps its keys in order: it leaps over the folders inside it. Gives
 * each range that it asks for, and is handed the keys of it, by whoever waits for them or does not.
 */
export function* folderPage(
  folder: string,
  limit: number,
  cursor: string | undefined,
): Generator<KeyRange, Page, readonly string[]> {
  const start = `${folder}/`
  if (!inAscii.test(folder)) return { keys: [], cursor: undefined }
  const before = `${folder}0` // the character after the slash
  const keys: string[] = []
  let after: string | undefined = cursor === undefined || cursor < start ? start : placeOf(cursor)
  while (after !== undefined && keys.length <= limit) {
    const found: readonly string[] = yield { after, before, limit: limit + 1 }
    after = undefined
    for (const key of found) {
      const slash = key.indexOf('/', start.length)
      if (slash === -1) keys.push(key)
      else after = `${key.slice(0, slash)}/\x7f`
      if (slash !== -1 || keys.length > limit) break
    }
  }
  return { keys: keys.slice(0, limit), cursor: keys.length > limit ? keys[limit - 1] : undefined }
}

const inAscii = /^[ -~]*$/

/** A text in ASCII behind which the same keys come: not every store takes any text. */
function placeOf(cursor: string): string {
  const at = cursor.search(/[^ -~]/)
  if (at === -1) return cursor
  return cursor.slice(0, at) + (cursor.charCodeAt(at) < 32 ? '' : '\x7f')
}
