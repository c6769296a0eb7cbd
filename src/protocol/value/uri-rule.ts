import type { TextRule } from './text.ts'
import { originProblem, plainUriProblem, webUriProblem } from './uri.ts'

/**
 * Names that authorization responses use, AM's extras included: a registered URI that held one would
 * let its owner, or whoever talks them into it, answer in the server's name.
 */
const responseNames: ReadonlySet<string> = new Set([
  'access_token',
  'client_id',
  'code',
  'error',
  'error_description',
  'error_uri',
  'expires_in',
  'id_token',
  'iss',
  'refresh_token',
  'response',
  'scope',
  'session_state',
  'state',
  'token_type',
])

const longest = 2048
const anyUri = /^[A-Za-z][A-Za-z0-9+.-]*:[\w\-.~:/?[\]@!$&'()+,;=%]*$/u.source
const web = String.raw`https?:\/\/[\w\-.~:\/?[\]@!$&'()+,;=%]+`

/** Where an answer may go, as far as the address alone tells (RFC 6749 §3.1.2, RFC 9700 §4.1.3). */
export const redirectUri: TextRule = {
  one: 'an absolute URI without a fragment',
  many: 'absolute URIs without a fragment',
  schema: { type: 'string', maxLength: longest, pattern: anyUri, format: 'redirect-uri' },
  wrong(uri) {
    const problem = plainUriProblem(uri)
    if (problem !== undefined) return problem
    for (const name of new URL(uri).searchParams.keys()) {
      if (responseNames.has(name)) return 'the query holds a parameter of authorization responses'
    }
    return undefined
  },
}

/** Where a browser may be sent after logout: only `state` is added to those. */
export const logoutUri: TextRule = {
  ...redirectUri,
  schema: { ...redirectUri.schema, format: 'logout-uri' },
  wrong(uri) {
    const problem = plainUriProblem(uri)
    if (problem !== undefined) return problem
    return new URL(uri).searchParams.has('state') ? 'the query holds state' : undefined
  },
}

/** A page to link to, or an address to fetch. */
export const webUri: TextRule = {
  one: 'an https address',
  many: 'https addresses',
  schema: { type: 'string', maxLength: longest, pattern: `^${web}$`, format: 'web-uri' },
  wrong: webUriProblem,
}

/** The same, and what stands for its content behind `#` (RFC 9101 §5.2). */
export const requestUri: TextRule = {
  ...webUri,
  schema: { type: 'string', pattern: `^${web}(?:#.*)?$`, format: 'request-uri' },
  wrong: (uri) => webUriProblem(uri.replace(/#.*$/s, '')),
}

const locale = String.raw`[A-Za-z]{2,3}(?:[\-_][A-Za-z0-9]+)*\|`

/** `address` or `locale|address`. */
export const link: TextRule = {
  ...webUri,
  schema: { type: 'string', pattern: `^(?:${locale})?${web}$`, format: 'link' },
  wrong: (entry) => webUriProblem(entry.replace(new RegExp(`^${locale}`), '')),
}

export const webOrigin: TextRule = {
  one: 'a web origin',
  many: 'web origins',
  schema: {
    type: 'string',
    maxLength: longest,
    pattern: /^https?:\/\/[^/?#@]+$/u.source,
    format: 'web-origin',
  },
  wrong: originProblem,
}
