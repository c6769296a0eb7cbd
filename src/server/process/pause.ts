/** Milliseconds: of the first pause, and of the longest. */
const first = 100
const longest = 30_000

/** Milliseconds for which a worker has to have served to be as good as a new one. */
const proven = 60_000

/** How often in a row a slot's worker has died, counted after one that served so many milliseconds has. */
export function deathsAfter(before: number, served: number): number {
  return served >= proven ? 1 : before + 1
}

/** Milliseconds until a worker is started in the place of one that died, after so many deaths in a row. */
export function pauseAfter(deaths: number): number {
  return Math.min(longest, first * 2 ** (deaths - 1))
}
