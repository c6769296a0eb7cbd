/**
 * The text with another character in one place, always: to set the place to a fixed letter would leave
 * a random text unchanged once in a while. A negative place counts from the end.
 */
export function altered(text: string, place = 0): string {
  const at = place < 0 ? text.length + place : place
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}
