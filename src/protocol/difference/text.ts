/** In which way two texts differ that should be one. */
export function textDifference(sent: string, wanted: string): string {
  if (sent.toLowerCase() === wanted.toLowerCase()) return 'in upper and lower case'
  if (sent.trim() === wanted.trim()) return 'in spaces around it'
  return 'in its text'
}

/** RFC 7636 §4.1: in which way a text is no code_verifier; undefined when it is one. */
export function verifierDifference(text: string): string | undefined {
  if (text.length < 43) return `in its length: ${43 - text.length} characters too short`
  if (text.length > 128) return `in its length: ${text.length - 128} characters too long`
  return /^[\w.~-]*$/.test(text) ? undefined : 'in a character that is none of A-Z a-z 0-9 - . _ ~'
}

/** By how much a time is missed, in whole seconds. */
export function timeDifference(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  return `by ${whole} ${whole === 1 ? 'second' : 'seconds'}`
}

/** Which names are too many: those that everybody may know by their name, the others as a number. */
export function namesDifference(surplus: readonly string[], known: readonly string[]): string {
  const named = surplus.filter((name) => known.includes(name))
  const others = surplus.length - named.length
  const rest = others === 0 ? [] : [`${others} that the realm does not have`]
  return `in ${[...named, ...rest].join(' and ')}`
}
