/**
 * An address without its query and fragment, in the one form that all its spellings share (RFC 9449 §4.3-9:
 * RFC 3986 §6.2.2 and §6.2.3); undefined for what is no `http` or `https` URI, or names a user. Two addresses
 * of the same form are the same resource; nothing is forgiven that RFC 3986 does not say is the same.
 */
export function addressForm(uri: string): string | undefined {
  if (uri.length > longest) return undefined
  const [, scheme = '', host = '', port = '', path = ''] = parts.exec(uri) ?? []
  if (host === '') return undefined
  const by = scheme.toLowerCase()
  const number = port.replace(/^0+(?=\d)/, '')
  const own = number === '' || number === (by === 'https' ? '443' : '80')
  return `${by}://${host.toLowerCase()}${own ? '' : `:${number}`}${withoutDots(plainly(path))}`
}

/** More than a request target may be long. */
const longest = 8192

/**
 * Scheme, host, port and path (RFC 3986 §3): a name, an IPv4 address, or an IPv6 address in brackets, and
 * every `%` begins an escape. Query and fragment may be anything visible, and do not count.
 */
const parts =
  /^(https?):\/\/([\w.-]+|\[[\dA-Fa-f:.]+\])(?::(\d{0,5}))?((?:\/(?:[\w.~!$&'()*+,;=:@/-]|%[\dA-Fa-f]{2})*)?)(?:[?#][\x21-\x7e]*)?$/i

/** RFC 3986 §6.2.2.1, §6.2.2.2: escapes in capitals, and none where the character may stand itself. */
function plainly(path: string): string {
  return path.replace(/%[\dA-Fa-f]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase()
  })
}

/** RFC 3986 §5.2.4, §6.2.3: an absolute path without dot segments; `/` for an empty one. */
function withoutDots(path: string): string {
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  for (const [i, segment] of segments.entries()) {
    const dots = segment === '.' || segment === '..'
    if (segment === '..') kept.pop()
    if (!dots) kept.push(segment)
    else if (i === segments.length - 1) kept.push('')
  }
  return `/${kept.join('/')}`
}
