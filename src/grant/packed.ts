import type { Forgotten, Member, Name, Packed, Stored, Values, Whole } from './packed-list.ts'

/**
 * Every member is listed once; one that is forgotten or unknown does not compile. `given` are members that
 * are not stored here, since whatever holds this has them.
 *
 * A list in place of a reader and a writer by hand costs 0.2 µs more for writing a push (0.8 by hand) and
 * 0.5 more for reading it (1.0 by hand), of the 31 to 44 that a push takes in all: to the engine a loop over
 * names is one place for all shapes. `node bench/packed.ts <codec of another commit>` measures it, in turns (12177ab,
 * 2026-11-28).
 */
export function packed<T extends object>() {
  return <const I extends readonly (Member<T> | readonly Member<T>[])[], G extends Name<T> = never>(
    list: I & Whole<Forgotten<T, I, G>>,
    given: readonly G[] = [],
  ): Packed<T> => {
    const items: readonly (Said | readonly Said[])[] = list
    const all = items.flatMap((item, place) =>
      isList(item) ? item.map((said) => rowOf(said, place, true)) : [rowOf(item, place, false)],
    )
    const byName = new Map(all.map((row) => [row.name, row]))
    const [outer, inner] = [all.filter((row) => !row.inner), all.filter((row) => row.inner)]
    const usual = inner.filter(({ absent }) => absent !== undefined)
    // A rest of nothing is null; what is absent at the end is left out.
    const blank = items.map((item) => (isList(item) ? null : undefined))
    const rows: Rows = { all, outer, inner, usual }
    return {
      write: writer(byName, blank),
      read: (stored, holder) => {
        const value: Changing = {}
        for (const name of given) value[name] = holder?.[name]
        read(rows, stored, value)
        // It was written from a T, and the list has all members of that.
        return value as T
      },
    }
  }
}

/** Writer and reader of the bytes: JSON of the array. */
export interface Codec<T> {
  readonly encode: (value: T) => Buffer
  readonly decode: (value: Buffer) => T
}

export function codec<T extends object>(form: Packed<T>): Codec<T> {
  return {
    encode: (value) => Buffer.from(JSON.stringify(form.write(value))),
    decode: (value) => form.read(JSON.parse(value.toString()) as Stored),
  }
}

type Changing = Record<string, unknown>

type Said = string | (Partial<Row> & Pick<Row, 'name'>)

/** A member of the list; all rows have one shape. */
interface Row {
  readonly name: string
  readonly stored: string
  readonly place: number
  readonly inner: boolean
  readonly absent: unknown
  readonly form: Packed<object> | undefined
  readonly each: Packed<object> | undefined
  /** Written as it is, whatever it is. */
  readonly plain: boolean
  /** Read by another list. */
  readonly made: boolean
}

interface Rows {
  readonly all: readonly Row[]
  readonly outer: readonly Row[]
  readonly inner: readonly Row[]
  readonly usual: readonly Row[]
}

function rowOf(said: Said, place: number, inner: boolean): Row {
  const told = typeof said === 'string' ? { name: said } : said
  const { name, stored = name, absent, form, each } = told
  const plain = absent === undefined && form === undefined && each === undefined
  const made = form !== undefined || each !== undefined
  return { name, stored, place, inner, absent, form, each, plain, made }
}

function isList(item: Said | readonly Said[]): item is readonly Said[] {
  return Array.isArray(item)
}

function isPlaced(stored: Stored): stored is readonly unknown[] {
  return Array.isArray(stored)
}

/**
 * Writes by the members that are there, in their order: to ask for one that is not takes longest. Nearly
 * all values of a list have the same members in the same order: so a member is looked for where it was
 * the last time.
 */
function writer(
  rows: ReadonlyMap<string, Row>,
  blank: readonly unknown[],
): (value: object) => unknown[] {
  const names: string[] = []
  const found: (Row | undefined)[] = []
  /** Where a member that is written as it is has its place; -1: its row says more, or it has none. */
  const places: number[] = []
  const end = blank.length - 1
  return (value) => {
    const stored = blank.slice()
    let i = 0
    for (const name in value) {
      const member = (value as Values)[name]
      if (names[i] !== name) {
        const row = rows.get(name)
        names[i] = name
        found[i] = row
        places[i] = row?.plain && !row.inner ? row.place : -1
      }
      const place = places[i] as number
      if (place >= 0) stored[place] = member
      else {
        const row = found[i]
        if (row !== undefined && member !== row.absent) writeOne(row, member, stored)
      }
      i++
    }
    if (stored[end] === undefined) while (stored[stored.length - 1] === undefined) stored.pop()
    return stored
  }
}

function writeOne(row: Row, member: unknown, stored: unknown[]): void {
  if (member === undefined) return
  let written = member
  if (row.form !== undefined) written = row.form.write(member as object)
  else if (Array.isArray(member)) {
    if (member.length === 0 && row.absent !== undefined) return
    const { each } = row
    if (each !== undefined) written = member.map((one: object) => each.write(one))
  }
  if (!row.inner) stored[row.place] = written
  else if (stored[row.place] === null) stored[row.place] = { [row.stored]: written }
  else (stored[row.place] as Changing)[row.stored] = written
}

/** Where there is no rest, as of nearly all, only what has a value all the same is looked at. */
function read({ all, outer, inner, usual }: Rows, stored: Stored, value: Changing): void {
  if (!isPlaced(stored)) {
    for (const row of all) readOne(row, stored[row.stored], value)
    return
  }
  for (const row of outer) readOne(row, stored[row.place], value)
  const first = inner[0]
  if (first === undefined) return
  const rest = stored[first.place] as Values | null
  if (rest === null) for (const row of usual) value[row.name] = row.absent
  else for (const row of inner) readOne(row, rest[row.stored], value)
}

function readOne(row: Row, stored: unknown, value: Changing): void {
  if (stored === undefined || stored === null) {
    if (row.absent !== undefined) value[row.name] = row.absent
  } else value[row.name] = row.made ? makeOne(row, stored, value) : stored
}

function makeOne({ form, each }: Row, stored: unknown, holder: Values): unknown {
  if (form !== undefined) return form.read(stored as Stored, holder)
  return (stored as Stored[]).map((one) => each?.read(one, holder))
}
