import { grantTypes, unservedGrantTypes } from '../grant-type.ts'
import { responseTypeOf } from '../response-type.ts'
import type { TextRule } from './text.ts'
import { among, matching } from './text.ts'

const longestLine = 1000

/** What a page, a log or a header can show in one line. */
export const line: TextRule = {
  one: 'one line of text',
  many: 'texts of one line',
  schema: {
    type: 'string',
    maxLength: longestLine,
    pattern: /^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$/u.source,
  },
  wrong(text) {
    if (Array.from(text).length > longestLine) return `longer than ${longestLine} characters`
    return /[\x00-\x1f\x7f-\x9f\u2028\u2029]/.test(text) ? 'more than one line of text' : undefined
  },
}

/** `name`, `name|text` or `name|locale|text`; the name as RFC 6749 §3.3 has it. */
export const scope: TextRule = {
  one: 'a scope (RFC 6749 §3.3)',
  many: 'scopes (RFC 6749 §3.3)',
  schema: {
    type: 'string',
    maxLength: longestLine,
    pattern: /^[\x21\x23-\x5b\x5d-{}~]{1,256}(?:\|[^\x00-\x1f\x7f-\x9f\u2028\u2029]*)?$/u.source,
  },
  wrong(text) {
    const name = text.split('|', 1)[0] as string
    if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(name)) return 'not a scope (RFC 6749 §3.3)'
    return line.wrong(text)
  },
}

/** Every grant type there is, served or not. */
export const grantType: TextRule = among(
  [...grantTypes, ...unservedGrantTypes],
  'a grant type',
  'grant types',
)

/** Every response type in every spelling, and those of the device flow, which PingAM’s exports list. */
export const responseType: TextRule = among(
  [...responseTypeOf.keys(), 'device_code', 'device_code id_token'],
  'a response type that is served',
  'response types',
)

/** The `type` of authorization details (RFC 9396 §2): a word, or a URL. */
export const detailsTypeName: TextRule = matching(
  /^[!-[\]-~]{1,256}$/u,
  'a word or a URL of at most 256 characters',
  'types of authorization details',
)

/** What stands on a button or above a page. */
export const shortLine: TextRule = matching(
  /^[^\x00-\x1f\x7f-\x9f]{1,100}$/u,
  'one line of text',
  'texts of one line',
)

/** RFC 9110 §5.6.2. */
export const token: TextRule = matching(
  /^[!#$%&'*+.^_`|~\dA-Za-z-]{1,64}$/u,
  'a name of 1 to 64 characters that a header can have',
  'header names',
)
