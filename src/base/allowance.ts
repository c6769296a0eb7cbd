/** How often something may be done to each of very many names. */
export interface Allowance {
  /** Takes one; answers 0, or, when nothing is left, in how many seconds there is one again. */
  take(name: string, now: number): number
  /** What `take` would answer, without taking. */
  wait(name: string, now: number): number
  /** Gives one back that was taken. */
  giveBack(name: string): void
}

/** Names share a place by their hash, so that memory is fixed and no flood of names makes one forgotten. */
const places = 32_768

/**
 * `most` at once, and one more every `every` seconds. Two names in one place count together: with so many
 * places that needs as many tries at others as would be needed at the name itself, thousands of times.
 */
export function allowance(most: number, every: number): Allowance {
  const whole = most * every
  /** When each place will have everything again. */
  const full = new Float64Array(places)
  // More than everything can only be owed after the clock was set back.
  const owed = (place: number, now: number): number =>
    Math.min(Math.max(0, (full[place] as number) - now), whole)
  const waitFor = (debt: number): number => Math.max(0, debt + every - whole)
  return {
    take(name, now) {
      const place = placeOf(name)
      const debt = owed(place, now)
      const wait = waitFor(debt)
      full[place] = now + debt + (wait > 0 ? 0 : every)
      return wait
    },
    wait: (name, now) => waitFor(owed(placeOf(name), now)),
    giveBack(name) {
      const place = placeOf(name)
      full[place] = (full[place] as number) - every
    },
  }
}

/** FNV-1a. Whoever aims at a place can as well aim at the name. */
function placeOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return (hash ^ (hash >>> 15)) & (places - 1)
}
