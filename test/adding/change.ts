/** What one row of the table "Adding one of each" comes to, made in a copy of the source. */

/** One file that an addition writes, or changes. */
export interface Change {
  /** The file as the table names it: `src/endpoint/<room>/<name>.ts`. */
  readonly named: string
  /** What stands for `<…>`, in order. */
  readonly as: readonly string[]
  /** The new text; of a file that is not there yet the old one is empty. */
  readonly edit: (text: string) => string
}

/** A file as the table names it, with what stands for `<…>`. */
export function at(named: string, ...as: readonly string[]): Pick<Change, 'named' | 'as'> {
  return { named, as }
}

/** The path in the source that is meant. */
export function pathOf({ named, as }: Change): string {
  let i = 0
  return named.replace(/<\w+>/g, () => as[i++] ?? '')
}

/** A file of its own. */
export function written(text: string): Change['edit'] {
  return (before) => {
    if (before !== '') throw new Error('it is there already')
    return text.trimStart()
  }
}

/** Puts text behind a place that there is once. */
export function behind(place: RegExp, text: string): Change['edit'] {
  return (before) => {
    const found = [...before.matchAll(new RegExp(place, 'gm'))]
    if (found.length !== 1) throw new Error(`${place} is there ${found.length} times`)
    const [{ index, 0: all } = { index: 0, 0: '' }] = found
    return before.slice(0, index + all.length) + text + before.slice(index + all.length)
  }
}

/** Names something that a file exports in the first list that a constant holds, as its first entry. */
export function listed(name: string, file: string, list: string, entry = name): Change['edit'] {
  const named = behind(new RegExp(`^(?:export )?const ${list}\\b[^\\n]*?= [[{]`), `${entry}, `)
  return (before) => `import { ${name} } from '${file}'\n${named(before)}`
}

/** One edit after the other. */
export function both(...edits: readonly Change['edit'][]): Change['edit'] {
  return (before) => edits.reduce((text, edit) => edit(text), before)
}
