/**
 * A whole number in decimal digits, however many there are; undefined for anything else. What is beyond
 * 2^53 counts as that: no time and no list goes as far.
 */
export function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : undefined
}
