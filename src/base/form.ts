/** Name and value pairs of a form or query. Names repeat only where `mayRepeat` said so; then the values are joined by a space. */
export type Form = ReadonlyMap<string, string>

/** Why a text is no form, and by which name. */
export interface FormProblem {
  readonly problem: 'malformed' | 'repeated' | 'too many' | 'too long'
  readonly name: string
}

export interface FormLimits {
  readonly parameters: number
  readonly characters: number
}

/**
 * Reads `application/x-www-form-urlencoded` text. Bad percent-encoding and bytes that are no UTF-8
 * are refused instead of guessed; an empty value counts as absent, but only after repeats were told.
 */
export function parseForm(
  text: string,
  limits: FormLimits,
  mayRepeat: ReadonlySet<string>,
): Form | FormProblem {
  const form = new Map<string, string>()
  if (text === '') return form
  const parts = text.split('&')
  if (parts.length > limits.parameters) return { problem: 'too many', name: '' }
  let empty: Set<string> | undefined
  for (const part of parts) {
    if (part === '') continue
    const eq = part.indexOf('=')
    const name = decodeFormText(eq < 0 ? part : part.slice(0, eq))
    const value = eq < 0 ? '' : decodeFormText(part.slice(eq + 1))
    if (name === undefined || value === undefined) return { problem: 'malformed', name: name ?? '' }
    if (value.length > limits.characters || name.length > 256)
      return { problem: 'too long', name: name.slice(0, 256) }
    const earlier = form.get(name)
    if (earlier !== undefined || empty?.has(name) === true) {
      if (!mayRepeat.has(name)) return { problem: 'repeated', name }
      if (value !== '') form.set(name, earlier === undefined ? value : `${earlier} ${value}`)
    } else if (value === '') {
      empty ??= new Set()
      empty.add(name)
    } else form.set(name, value)
  }
  return form
}

/** One form-encoded name or value; undefined when it is malformed. */
export function decodeFormText(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

/** Pairs as form text; absent values are left out. */
export function encodeForm(values: Iterable<readonly [string, string | undefined]>): string {
  let text = ''
  for (const [name, value] of values) {
    if (value === undefined) continue
    text += `${text === '' ? '' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`
  }
  return text
}
