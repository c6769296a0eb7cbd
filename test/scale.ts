/** How far counted trials go: in full by `npm run test:long`, a hundredth of it in `npm test`. */

const long = process.env.PARAPET_LONG === '1'

/** `n` in a long run, else n/100; at least `least`. */
export function trials(n: number, least = 1): number {
  return long ? n : Math.max(least, Math.ceil(n / 100))
}
