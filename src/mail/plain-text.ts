/** Elements whose content is nothing to read. */
const unread = ['style', 'script', 'head']

/** What is at the end of an element, and between two lines. */
const blockEnds = /^\/(?:p|h\d)$/
const lineEnds = /^(?:br\b.*|\/(?:div|li|tr))$/s

/** What has been read of a document, and how much of it. */
interface Reading {
  readonly html: string
  /** The same in small letters, in which names of elements are looked for. */
  readonly lower: string
  readonly words: string[]
  /** Elements of which no end comes any more: it is looked for once. */
  readonly endless: Set<string>
}

/**
 * For those who read no HTML: the words, and where links lead. It is read once from the front, so that no text whatever
 * takes longer than its length says.
 */
export function plainText(html: string): string {
  const reading = { html, lower: html.toLowerCase(), words: [], endless: new Set<string>() }
  for (let at = 0; at < html.length; ) at = readOn(reading, at)
  return tidy(reading.words.join(''))
}

/** Reads up to the next tag, and what that tag says; where it goes on. */
function readOn(reading: Reading, at: number): number {
  const { html, words } = reading
  const open = html.indexOf('<', at)
  const close = open === -1 ? -1 : html.indexOf('>', open)
  if (close === -1) {
    words.push(html.slice(at))
    return html.length
  }
  words.push(html.slice(at, open))
  const tag = html.slice(open + 1, close)
  const name = tag.slice(0, 8).toLowerCase()
  const hidden = unread.find((each) => name.startsWith(each) && !/^\w/.test(tag.slice(each.length)))
  if (hidden !== undefined) return behind(reading, hidden, close + 1)
  if (/^a\b/i.test(tag)) return readLink(reading, tag, close + 1)
  if (blockEnds.test(tag.toLowerCase())) words.push('\n\n')
  else if (lineEnds.test(tag.toLowerCase())) words.push('\n')
  return close + 1
}

/** Behind the end of an element; where it has none, only its tag is passed over. */
function behind({ lower, endless }: Reading, name: string, at: number): number {
  const end = endless.has(name) ? -1 : lower.indexOf(`</${name}>`, at)
  if (end === -1) endless.add(name)
  return end === -1 ? at : end + name.length + 3
}

/** A link that has nothing but words is those, and where it leads. */
function readLink({ html, lower, words }: Reading, tag: string, at: number): number {
  const to = /\bhref\s*=\s*"([^"]*)"/i.exec(tag)?.[1]
  const end = to === undefined ? -1 : html.indexOf('<', at)
  if (to === undefined || end === -1 || !lower.startsWith('</a>', end)) return at
  const shown = html.slice(at, end)
  words.push(shown.trim() === to ? to : `${shown} ${to} `)
  return end + 4
}

function tidy(text: string): string {
  return text
    .replaceAll(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => characters[entity] ?? ' ')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ ?\n[ \n]*\n ?/g, '\n\n')
    .trim()
}

const characters: Readonly<Record<string, string>> = {
  ...{ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&nbsp;': ' ' },
}
