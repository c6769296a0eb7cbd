/** The little Markdown the reference pages are made of. */

/** A word as it stands in code or on the wire. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

/** Several of them. */
export function codes(texts: readonly string[]): string {
  return texts.map(code).join(' ')
}

/** A value as JSON; what is empty is told apart from what is not there. */
export function value(json: unknown): string {
  return code(JSON.stringify(json))
}

/** A table; bars and what would be read as HTML are escaped, line breaks become spaces. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

function cell(text: string): string {
  const parts = text
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ')
    .split('`')
  // Every second part stands between backticks, where it is safe.
  return parts.map((part, i) => (i % 2 === 0 ? part.replaceAll('<', '&lt;') : part)).join('`')
}

/** A page: title, where it comes from, and its parts with a blank line between. */
export function page(title: string, source: string, ...parts: readonly string[]): string {
  const note = `<!-- Made by \`npm run docs\` from ${source}. Change it there. -->`
  return `${[`# ${title}`, note, ...parts].join('\n\n')}\n`
}
