/** Columns of a terminal that nobody made wider. */
const columns = 80

/** A text in lines that fit, each set in by so many columns. */
export function wrapped(text: string, indent: number): readonly string[] {
  const made: string[] = []
  for (const word of text.split(' ')) {
    const last = made.at(-1)
    if (last === undefined || last.length + 1 + word.length > columns)
      made.push(' '.repeat(indent) + word)
    else made[made.length - 1] = `${last} ${word}`
  }
  return made
}
