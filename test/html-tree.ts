/** A start tag, an end tag, or a piece of text, as a browser's tokenizer would see it. */
export interface Token {
  readonly kind: 'start' | 'end' | 'text' | 'comment' | 'doctype'
  /** Lower-case tag name; empty for text and comments. */
  readonly name: string
  /** Names in lower case, values with character references decoded. */
  readonly attributes: ReadonlyMap<string, string>
  readonly text: string
}

const rawText = new Set(['script', 'style', 'title', 'textarea', 'noscript', 'iframe', 'xmp'])

/**
 * Tokenizes HTML the forgiving way browsers do (unquoted values, stray quotes, bogus comments), so
 * that markup smuggled in by a value shows up as tokens of its own.
 */
export function tokens(page: string): Token[] {
  const found: Token[] = []
  let at = 0
  while (at < page.length) {
    const next = nextToken(page, at)
    found.push(next.token)
    at = next.end
    if (next.token.kind === 'start' && rawText.has(next.token.name)) {
      const close = page.slice(at).search(new RegExp(`</${next.token.name}[\\s/>]`, 'i'))
      const end = close < 0 ? page.length : at + close
      if (end > at) found.push(token('text', '', decode(page.slice(at, end))))
      at = end
    }
  }
  return found
}

/** Tags with their attribute names, in order: what must not change with the words on a page. */
export function structure(page: string): string[] {
  return tokens(page)
    .filter(({ kind }) => kind !== 'text')
    .map(({ kind, name, attributes }) => `${kind} ${name} ${[...attributes.keys()].join(' ')}`)
}

/** The start tags of one name. */
export function elements(page: string, name: string): Token[] {
  return tokens(page).filter((each) => each.kind === 'start' && each.name === name)
}

/** The element with that id; undefined when there is none or more than one. */
export function byId(page: string, id: string): Token | undefined {
  const found = tokens(page).filter((each) => each.attributes.get('id') === id)
  return found.length === 1 ? found[0] : undefined
}

/** All text of a page, tags left out, runs of white space as one space. */
export function visibleText(page: string): string {
  const parts = tokens(page).filter(({ kind }) => kind === 'text')
  return parts
    .map(({ text }) => text)
    .join('')
    .replace(/\s+/g, ' ')
}

function nextToken(page: string, at: number): { token: Token; end: number } {
  const rest = page.slice(at, at + 2)
  if (/^<[a-zA-Z]/.test(rest)) return tag(page, at + 1, 'start')
  if (rest === '</' && /[a-zA-Z]/.test(page[at + 2] ?? '')) return tag(page, at + 2, 'end')
  if (page.startsWith('<!--', at)) return until(page, at, '-->', 'comment')
  if (/^<!doctype/i.test(page.slice(at, at + 9))) return until(page, at, '>', 'doctype')
  if (rest === '<!' || rest === '<?' || rest === '</') return until(page, at, '>', 'comment')
  const lt = page.indexOf('<', at + 1)
  const end = lt < 0 ? page.length : lt
  return { token: token('text', '', decode(page.slice(at, end))), end }
}

function until(page: string, at: number, close: string, kind: Token['kind']) {
  const found = page.indexOf(close, at)
  return { token: token(kind, ''), end: found < 0 ? page.length : found + close.length }
}

function tag(page: string, at: number, kind: 'start' | 'end'): { token: Token; end: number } {
  const name = /^[^\s/>]*/.exec(page.slice(at))?.[0] ?? ''
  const attributes = new Map<string, string>()
  const attribute = /[\s/]*(?:(>)|([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?)/y
  attribute.lastIndex = at + name.length
  for (;;) {
    const match = attribute.exec(page)
    if (match === null) return { token: token(kind, name, '', attributes), end: page.length }
    if (match[1] !== undefined) break
    const key = (match[2] as string).toLowerCase()
    if (!attributes.has(key)) attributes.set(key, decode(match[3] ?? match[4] ?? match[5] ?? ''))
  }
  return { token: token(kind, name, '', attributes), end: attribute.lastIndex }
}

function token(
  kind: Token['kind'],
  name: string,
  text = '',
  attributes: ReadonlyMap<string, string> = new Map(),
): Token {
  return { kind, name: name.toLowerCase(), text, attributes }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot));/gi, (_, decimal, hex, name) => {
    if (name !== undefined) return named[name.toLowerCase()] as string
    return String.fromCodePoint(Number(decimal ?? `0x${hex}`) || 0xfffd)
  })
}
