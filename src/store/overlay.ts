import { whenReady } from '../base/ready.ts'
import type { Clock } from '../base/time.ts'
import type { Outcome, Page, SingleUseKey, Store, Stored } from './store.ts'
import { lastSecond, wrongWith } from './store.ts'

/** A shelf that is written to without anything being stored, and what came of it. */
export interface Overlay {
  readonly store: Store
  /**
   * Whether anything has another value than at the last call. Where nothing has, what was written since
   * is forgotten: everything is as it was, under the versions it had.
   */
  settle(): boolean
}

/** What was written over a key; expiry 0: it was deleted. */
interface Layer extends Stored {
  readonly expiry: number
}

/** Whether two values say the same. */
type Same = (one: Buffer, other: Buffer) => boolean

const sameBytes: Same = (one, other) => one.equals(other)

/** Versions begin above those of any shelf, so that one of the shelf's never stands for one of these. */
const firstVersion = 2 ** 52

/**
 * A shelf over another one: reads fall through, writes stay in memory and go with it. What is done to it
 * shows what the same would do to the shelf below, which nobody else should write to meanwhile.
 */
export function overlay(below: Store, now: Clock, same: Same = sameBytes): Overlay {
  const written = layersOver(now, same)
  const { over, put } = written
  const write = writer(below, written)
  const store: Store = {
    get: (key) => whenReady(below.get(key), (there) => over(key, there)),
    insert: (key, value, expiry, mark) =>
      write(key, mark, (known, there) => {
        const wrong = wrongWith(key, expiry)
        if (wrong !== undefined) throw wrong
        if (known !== undefined) return 'lost'
        put(key, there, value, expiry)
        return 'won'
      }),
    replace: (key, version, value, expiry, mark) =>
      write(key, mark, (known, there) => {
        if (known?.version !== version) return 'lost'
        put(key, there, value, expiry)
        return 'won'
      }),
    async delete(key) {
      const there = await below.get(key)
      const known = over(key, there)
      if (known !== undefined) put(key, there, known.value, 0)
      return known !== undefined
    },
    list: (...asked) => listOver(below, written.keysIn, ...asked),
    changeCount: () => whenReady(below.changeCount(), (count) => count + written.count()),
    failing: () => below.failing(),
    damaged: () => below.damaged(),
    sweep: async () => 0,
    close: async () => undefined,
  }
  return { store, settle: written.settle }
}

/** Makes a write that reads what is below first, and then decides and is done in one go. */
function writer(below: Store, { over, put }: Layers) {
  return async (
    key: string,
    mark: SingleUseKey | undefined,
    decide: (known: Stored | undefined, there: Stored | undefined) => Outcome,
  ): Promise<Outcome> => {
    const there = await below.get(key)
    const marked = mark && (await below.get(mark.key))
    if (mark !== undefined) {
      const wrong = wrongWith(mark.key, mark.expiry)
      if (wrong !== undefined) throw wrong
      if (over(mark.key, marked) !== undefined) return 'spent'
      put(mark.key, marked, Buffer.alloc(0), mark.expiry)
    }
    return decide(over(key, there), there)
  }
}

/** The keys of a folder that were written over, and which of them are there. */
interface OwnKeys {
  readonly live: readonly string[]
  readonly isOver: (key: string) => boolean
}

interface Layers {
  /** What is there of a key, by what the shelf below has. */
  readonly over: (key: string, there: Stored | undefined) => Stored | undefined
  readonly put: (key: string, there: Stored | undefined, value: Buffer, expiry: number) => void
  readonly keysIn: (folder: string) => OwnKeys
  readonly count: () => number
  readonly settle: () => boolean
}

function layersOver(now: Clock, same: Same): Layers {
  const layers = new Map<string, Layer>()
  /** What was written since the last call of `settle`, and what stood there: in all, and over the shelf. */
  const touched = new Map<string, { readonly was: Stored | undefined; readonly layer?: Layer }>()
  let writes = 0
  const over: Layers['over'] = (key, there) => layered(layers.get(key), there, now())
  const isChanged = ([key, { was }]: readonly [string, { readonly was: Stored | undefined }]) => {
    const is = over(key, undefined)
    if (is === undefined || was === undefined) return is !== was
    return !same(was.value, is.value)
  }
  return {
    over,
    put(key, there, value, expiry) {
      writes += 1
      const layer = layers.get(key)
      const was = over(key, there)
      if (!touched.has(key)) touched.set(key, layer === undefined ? { was } : { was, layer })
      const last = lastSecond(expiry)
      layers.set(key, { value: Buffer.from(value), version: firstVersion + writes, expiry: last })
    },
    keysIn(folder) {
      const start = `${folder}/`
      const live = [...layers].flatMap(([key, { expiry }]) => {
        const direct = key.startsWith(start) && !key.includes('/', start.length)
        return direct && expiry >= now() ? [key] : []
      })
      return { live, isOver: (key) => layers.has(key) }
    },
    count: () => writes,
    settle() {
      const changed = [...touched].some(isChanged)
      for (const [key, { layer }] of changed ? [] : touched)
        if (layer === undefined) layers.delete(key)
        else layers.set(key, layer)
      touched.clear()
      return changed
    },
  }
}

function layered(layer: Layer | undefined, there: Stored | undefined, now: number) {
  if (layer === undefined) return there
  if (layer.expiry < now) return undefined
  return { value: Buffer.from(layer.value), version: layer.version }
}

/** A page of both: what the shelf below lists and was not written over, and what was written and is there. */
async function listOver(
  below: Store,
  keysOver: (folder: string) => OwnKeys,
  folder: string,
  limit: number,
  cursor?: string,
): Promise<Page> {
  const { live, isOver } = keysOver(folder)
  const keys: string[] = []
  let from = cursor
  do {
    const after = from ?? ''
    const page = await below.list(folder, limit, from)
    from = page.cursor
    const until = from
    const ours = live.filter((key) => key > after && (until === undefined || key <= until))
    const theirs = page.keys.filter((key) => !isOver(key))
    keys.push(...[...ours, ...theirs].sort())
  } while (from !== undefined && keys.length < limit)
  const shown = keys.slice(0, limit)
  const more = keys.length > limit || from !== undefined
  return { keys: shown, cursor: more ? shown.at(-1) : undefined }
}
