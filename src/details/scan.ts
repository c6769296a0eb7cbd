/** What a sound JSON array says of itself before it is parsed. */
export interface Scanned {
  /** The text of each element, without the spaces around it. */
  readonly texts: readonly string[]
  /** How many values there are in all, whatever they stand in. */
  readonly values: number
  /**
   * Whether every number is one that all readers take for the same (RFC 7493 §2.2): fifteen digits, and neither
   * infinite nor lost near zero.
   */
  readonly exact: boolean
  /** Whether every text is one that can be written in UTF-8: no half of a surrogate pair is. */
  readonly wellFormed: boolean
}

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]|[a-z]+/g

/** One walk through the tokens of an array that `parseJson` took. */
export function scan(text: string): Scanned {
  const texts: string[] = []
  let [depth, start, values, exact, wellFormed] = [0, 0, 0, true, true]
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === '{' || found === '[') {
      depth++
      if (depth === 1) start = index + 1
    }
    if ((found === ',' && depth === 1) || (found === ']' && depth === 1)) {
      const element = text.slice(start, index).trim()
      if (element !== '') texts.push(element)
      start = index + 1
    }
    if (found === '}' || found === ']') depth--
    else if (found !== ',' && found !== ':') values++
    if (/^[-\d]/.test(found)) exact &&= isExact(found)
    if (found.includes('\\u')) wellFormed &&= (JSON.parse(found) as string).isWellFormed()
  }
  return { texts, values, exact, wellFormed }
}

/** The text of a member of a sound JSON object, as it stands there; undefined where there is none of that name. */
export function memberText(text: string, name: string): string | undefined {
  let [depth, start, before] = [0, -1, '']
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === '}' || found === ']') depth--
    const over = (depth === 1 && found === ',') || depth === 0
    if (start >= 0 && over && found !== '{') return text.slice(start, index).trim()
    if (found === ':' && depth === 1 && JSON.parse(before) === name) start = index + 1
    if (found === '{' || found === '[') depth++
    before = found
  }
  return undefined
}

function isExact(number: string): boolean {
  const [digits = ''] = number.toLowerCase().replace('-', '').split('e')
  const significant = digits.replace('.', '').replace(/^0+|0+$/g, '')
  const value = Number(number)
  const lost = value === 0 && significant !== ''
  return significant.length <= 15 && Number.isFinite(value) && !lost
}
