import type { ReadText } from '../parameter.ts'
import type { TextRule } from './text.ts'

const longest = 2048
const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:[\w\-.~:/?[\]@!$&'()*+,;=%]+$/u
const badPercent = /%(?![0-9A-Fa-f]{2})/

/** RFC 8707 §2: an absolute URI (RFC 3986 §4.3) without a fragment. It is compared as it stands, so nothing of it is normalised. */
export const resourceIdentifier: TextRule = {
  one: 'an absolute URI without a fragment (RFC 8707 §2)',
  many: 'absolute URIs without a fragment (RFC 8707 §2)',
  schema: {
    type: 'string',
    maxLength: longest,
    pattern: absolute.source,
    format: 'resource-identifier',
  },
  wrong(uri) {
    if (uri.length > longest) return `longer than ${longest} characters`
    if (uri.includes('#')) return 'a fragment'
    if (!absolute.test(uri) || badPercent.test(uri)) return 'not an absolute URI'
    return /^(?:https?|wss?):/i.test(uri) && !URL.canParse(uri) ? 'not an absolute URI' : undefined
  },
}

/**
 * Those of a parameter that may be repeated, each once. Repeated values come with a space between them (see `parseForm`), which no
 * URI has.
 */
const resourceIdentifiers: ReadText<readonly string[]> = (text) => {
  const all = text.split(' ')
  if (all.some((each) => resourceIdentifier.wrong(each) !== undefined)) return undefined
  return [...new Set(all)]
}

/** The resources that a request names (RFC 8707 §2): the same for an authorization and for a token. */
export const resourceParameter = {
  spec: 'RFC 8707 §2',
  kept: 'decided',
  read: resourceIdentifiers,
  json: 'texts',
  error: 'invalid_target',
  why: 'resource-malformed',
  says: () => 'The resource is not an absolute URI without a fragment',
} as const
