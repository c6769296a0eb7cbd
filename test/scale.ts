/** How far counted trials go: in full by `npm run test:long`, a hundredth of it in `npm test`. */

const long = process.env.PARAPET_LONG === '1'

/** `n` in a long run, else n/100; at least one. */
export function trials(n: number): number {
  return long ? n : Math.max(1, Math.ceil(n / 100))
}
