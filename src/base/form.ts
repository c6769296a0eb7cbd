import { withinBytes } from './bytes.ts'

/** Name and value pairs of a form or query. Names repeat only where `mayRepeat` said so; then the values are joined by a space. */
export type Form = ReadonlyMap<string, string>

/** Why a text is no form, and by which name. */
export interface FormProblem {
  readonly problem: 'malformed' | 'repeated' | 'too many' | 'too long'
  readonly name: string
}

export interface FormLimits {
  readonly parameters: number
  /** Of a value, as UTF-8. */
  readonly bytes: number
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
  const form = formOrProblem(text, limits, mayRepeat)
  if (form instanceof Map || text.split('&').length <= limits.parameters) return form
  return tooMany
}

const tooMany: FormProblem = { problem: 'too many', name: '' }

function formOrProblem(
  text: string,
  limits: FormLimits,
  mayRepeat: ReadonlySet<string>,
): Form | FormProblem {
  const form = new Map<string, string>()
  const coded = codedIn(text)
  let empty: Set<string> | undefined
  let parts = 0
  let equals = -1
  for (let start = 0, end = 0; end < text.length; start = end + 1) {
    parts += 1
    if (parts > limits.parameters) return tooMany
    end = next(text, '&', start)
    if (start === end) continue
    // Looked for where the last one was passed, so that parts without one cost no walk to the end each.
    if (equals < start) equals = next(text, '=', start)
    const middle = equals < end ? equals : end
    const name = read(text, start, middle, coded)
    const value = middle === end ? '' : read(text, middle + 1, end, coded)
    if (name === undefined || value === undefined) return { problem: 'malformed', name: name ?? '' }
    if (!withinBytes(value, limits.bytes) || name.length > 256)
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

/** Tells whether a piece of a text has a sign that stands for another one. Pieces are asked for in their order. */
type CodedIn = (start: number, end: number) => boolean

/** Looks for the next sign once, and not in every piece. */
function codedIn(text: string): CodedIn {
  let plus = -1
  let percent = -1
  return (start, end) => {
    if (plus < start) plus = next(text, '+', start)
    if (percent < start) percent = next(text, '%', start)
    return plus < end || percent < end
  }
}

/** Where a sign is from `start` on; the end of the text where there is none. */
function next(text: string, sign: string, start: number): number {
  const at = text.indexOf(sign, start)
  return at < 0 ? text.length : at
}

function read(text: string, start: number, end: number, coded: CodedIn): string | undefined {
  const piece = text.slice(start, end)
  return coded(start, end) ? decodeFormText(piece) : piece
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
