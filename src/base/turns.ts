/** Who waits: what kind of work it is for, and whose. */
export interface Turn {
  readonly kind: string
  readonly source: string
}

/**
 * A line in which everybody moves on: kinds take turns, within a kind the sources do, and only those of
 * one source stand behind each other. `limit` says how many of a kind may wait.
 */
export interface Turns<T> {
  /**
   * Puts somebody in the line; answers who has to leave it. When it is full, that is the last of the
   * source with most in it, which may be the one that comes.
   */
  add(turn: Turn, one: T): T | undefined
  /** Whose turn it is, of those whose source may go on; undefined when there are none. */
  next(may?: (turn: Turn) => boolean): T | undefined
  /** How many of a kind wait, or of one source of it. */
  waiting(kind: string, source?: string): number
  readonly size: number
}

interface Kind<T> {
  /** In the order in which they come next. */
  readonly sources: Map<string, T[]>
  size: number
}

export function turns<T>(limit: (kind: string) => number): Turns<T> {
  const kinds = new Map<string, Kind<T>>()
  let size = 0
  return {
    add({ kind, source }, one) {
      const line = kinds.get(kind) ?? { sources: new Map<string, T[]>(), size: 0 }
      const mine = line.sources.get(source) ?? []
      let leaves: T | undefined
      if (line.size >= limit(kind)) {
        const longest = longestOf(line)
        // Somebody who comes with as many as the longest has does not push it out.
        if (longest.length <= mine.length + 1) return one
        leaves = longest.pop()
      } else {
        line.size++
        size++
      }
      mine.push(one)
      line.sources.set(source, mine)
      kinds.set(kind, line)
      return leaves
    },
    next(may) {
      const found = first(kinds, may)
      if (found === undefined) return undefined
      const { kind, line, source, waiting } = found
      const one = waiting.shift()
      size--
      line.size--
      goBehind(line.sources, source, waiting.length > 0 ? waiting : undefined)
      goBehind(kinds, kind, line.size > 0 ? line : undefined)
      return one
    },
    waiting: (kind, source) => howMany(kinds.get(kind), source),
    get size() {
      return size
    },
  }
}

function howMany<T>(line: Kind<T> | undefined, source: string | undefined): number {
  return (source === undefined ? line?.size : line?.sources.get(source)?.length) ?? 0
}

function longestOf<T>({ sources }: Kind<T>): T[] {
  let longest: T[] = []
  for (const waiting of sources.values()) if (waiting.length > longest.length) longest = waiting
  return longest
}

interface Found<T> extends Turn {
  readonly line: Kind<T>
  readonly waiting: T[]
}

/** Nobody stays in a map whom nobody waits for. */
function first<T>(
  kinds: ReadonlyMap<string, Kind<T>>,
  may: (turn: Turn) => boolean = () => true,
): Found<T> | undefined {
  for (const [kind, line] of kinds)
    for (const [source, waiting] of line.sources)
      if (may({ kind, source })) return { kind, line, source, waiting }
  return undefined
}

/** A map keeps its order: what was first is last now, or gone. */
function goBehind<V>(map: Map<string, V>, key: string, value: V | undefined): void {
  map.delete(key)
  if (value !== undefined) map.set(key, value)
}
