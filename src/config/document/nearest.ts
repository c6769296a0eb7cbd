/** The known name that a slip of the pen most likely meant; undefined where none is close. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const each of known) {
    const distance = distanceOf(name.toLowerCase(), each.toLowerCase())
    if (distance <= closest(name) && (best === undefined || distance < best.distance))
      best = { name: each, distance }
  }
  return best?.name
}

/** A slip is a letter in three at most, and no more than three. */
function closest(name: string): number {
  return Math.min(3, Math.floor(name.length / 3))
}

/** How many letters have to be put in, left out or replaced (Levenshtein); more than 60 are not compared. */
function distanceOf(a: string, b: string): number {
  if (a.length > 60 || b.length > 60) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1]
    for (const [j, other] of b.split('').entries()) {
      const replaced = (row[j] as number) + Number(letter !== other)
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1))
    }
    row = next
  }
  return row.at(-1) as number
}

/** How it is told. */
export function meant(name: string): string {
  return `: did you mean ${name}?`
}
