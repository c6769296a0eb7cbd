/**
 * base: bytes, forms, HTML, HTTP values, the clock, randomness, the log. No domain word stands here,
 * and the only three impure files of the tree (time, random, log) do.
 */

import type { Ready } from './ready.ts'
import type { Trace } from './trace.ts'

/** One request as plain data. Header names are lower case; `body` is whole and already within limits. */
export interface HttpRequest {
  readonly method: string
  /** Path as sent, without the query, percent-encoding kept. */
  readonly path: string
  /** What follows `?`, undecoded; empty when there is none. */
  readonly query: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Names and values in turn as they were received, so that repeated fields can be told. */
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array
  /** Scheme, host and port this request was addressed to, proven by settings: `https://as.example`. */
  readonly origin: string
  /** Address of the peer, or of the client a trusted proxy speaks for. */
  readonly peer: string
  /** What is told of it while it is answered. */
  readonly trace: Trace
  /** What the route left over behind the endpoint's own path, undecoded, without a leading slash. */
  readonly rest: string
  /**
   * DER of the certificate the caller proved on its TLS connection, then what it sent beside it; absent when it showed
   * none, and without a byte where it was larger than is looked at.
   */
  readonly certificates?: readonly Uint8Array[]
  /** There when a trusted proxy handed the request on, so that headers it sets count. */
  readonly proxied?: true
  /** There when the server refuses it already, unread: the endpoint says so in its own form. */
  readonly refused?: { readonly status: number; readonly description: string }
  /** There when the server has been told to stop: it answers, but who can should go elsewhere. */
  readonly stopping?: true
}

export type HeaderValue = string | readonly string[]

/** One answer as plain data. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, HeaderValue>>
  readonly body: string | Uint8Array
}

/** What answers requests. A throw or rejection is a bug. */
export type Serve = (request: HttpRequest) => Ready<HttpResponse>

/** Where a request was sent to, without its query: `https://as.example/am/oauth2/access_token`. */
export function uriOf({ origin, path }: Pick<HttpRequest, 'origin' | 'path'>): string {
  return origin + path
}

/** A header field's single value; undefined when absent. Node joins most repeated fields by a comma. */
export function header(http: HttpRequest, name: string): string | undefined {
  const value = http.headers[name]
  if (typeof value === 'string') return value
  // Settings name headers too: what every object has under such a name was not sent.
  return Array.isArray(value) ? value.join(', ') : undefined
}

/** How often a field was sent: for fields that must not be repeated. `name` in lower case. */
export function headerCount(http: HttpRequest, name: string): number {
  let count = 0
  for (let i = 0; i < http.rawHeaders.length; i += 2) {
    const raw = http.rawHeaders[i] as string
    if (raw.length === name.length && raw.toLowerCase() === name) count++
  }
  return count
}

/** Every value the browser sent under one cookie name, in order: more than one is somebody's trick. */
export function cookies(http: HttpRequest, name: string): string[] {
  const line = header(http, 'cookie')
  if (line === undefined) return []
  const values: string[] = []
  for (const part of line.split(/; ?/)) {
    const eq = part.indexOf('=')
    if (eq > 0 && part.slice(0, eq) === name) values.push(part.slice(eq + 1))
  }
  return values
}

/** The media type without parameters, lower case; empty when there is none. */
export function mediaType(http: HttpRequest): string {
  const value = header(http, 'content-type')
  if (value === undefined) return ''
  const semicolon = value.indexOf(';')
  let end = semicolon < 0 ? value.length : semicolon
  // RFC 9110 §5.6.3: space and tab only; `trimEnd` would also take what is no white space there.
  while (value[end - 1] === ' ' || value[end - 1] === '\t') end--
  return value.slice(0, end).toLowerCase()
}

/**
 * Whether a body may be read as UTF-8, which is the coding of everything this server reads. `charset` is
 * no parameter of forms (RFC 6749 appendix B) or JSON (RFC 8259 §11), but common, and then mostly wrong:
 * some clients say ISO-8859-1 or US-ASCII of every form. Only codings in which ASCII is written otherwise
 * are tricks.
 */
export function readsAsUtf8(http: HttpRequest): boolean {
  const [, ...parameters] = (header(http, 'content-type') ?? '').split(';')
  return !parameters.some((each) => {
    const [name = '', value = ''] = each.split('=', 2)
    return name.trim().toLowerCase() === 'charset' && otherwiseWritten.test(value.trim())
  })
}

const otherwiseWritten = /^"?(?:(?:cs)?(?:unicode-1-1-)?utf-?7|(?:cs)?utf-?16(?:le|be)?)"?$/i

/** The headers of a JSON answer that says nothing else; always this one object. */
export const jsonHeaders: Readonly<Record<string, string>> = Object.freeze({
  'content-type': 'application/json;charset=UTF-8',
})

/** A JSON answer. */
export function json(
  status: number,
  value: unknown,
  headers?: Readonly<Record<string, HeaderValue>>,
): HttpResponse {
  const all = headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers }
  return { status, headers: all, body: JSON.stringify(value) }
}

/** A redirect; `location` is absolute or starts with one slash. */
export function redirect(
  status: 302 | 303,
  location: string,
  headers: Readonly<Record<string, HeaderValue>> = {},
): HttpResponse {
  return { status, headers: { ...headers, location }, body: '' }
}

/** An HTML answer. */
export function htmlPage(
  status: number,
  body: string,
  headers: Readonly<Record<string, HeaderValue>> = {},
): HttpResponse {
  return { status, headers: { 'content-type': 'text/html;charset=UTF-8', ...headers }, body }
}

/** The same answer with more headers; `set-cookie` values add up, others replace. */
export function withHeaders(
  response: HttpResponse,
  headers: Readonly<Record<string, HeaderValue>>,
): HttpResponse {
  const before = response.headers['set-cookie']
  const added = headers['set-cookie']
  const merged = { ...response.headers, ...headers }
  if (before === undefined || added === undefined) return { ...response, headers: merged }
  return { ...response, headers: { ...merged, 'set-cookie': [before, added].flat() } }
}
