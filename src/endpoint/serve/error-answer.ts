import { inspect } from 'node:util'
import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import { header, htmlPage, json } from '../../base/http.ts'
import { alarm, event, reasonOf } from '../../base/log.ts'
import { isoTime, timestamp } from '../../base/time.ts'
import { frameOf } from '../../page/brand.ts'
import { localised } from '../../page/client-view.ts'
import { errorPage, errorScript } from '../../page/error.ts'
import { pageHeaders } from '../../page/headers.ts'
import { chooseMessages } from '../../page/messages/index.ts'
import type { Messages } from '../../page/messages/message.ts'
import type { ErrorDetail } from '../../protocol/error.ts'
import { goesOnHere, OAuthError } from '../../protocol/error.ts'
import { shownReason } from '../../protocol/reason/shown.ts'
import type { Realm } from '../../realm/realm.ts'
import { StoreUnavailable } from '../../store/store.ts'
import type { CrestStatus } from './crest.ts'
import { crestError } from './crest.ts'
import type { Endpoint } from './endpoint.ts'

/** An error in the form the endpoint's callers read: AM's JSON, OAuth's, or a page. */
export function errorAnswer(
  endpoint: Endpoint,
  realm: Realm | undefined,
  http: HttpRequest,
  error: OAuthError,
): HttpResponse {
  const headers = error.detail.headers ?? {}
  if (endpoint.errors === 'crest') {
    return crestError(error.status as CrestStatus, error.description, undefined, headers)
  }
  if (endpoint.errors === 'oauth' || prefersJson(http)) {
    return json(error.status, { error_description: error.description, error: error.code }, headers)
  }
  return pageOf(realm, http, error)
}

/** Where AM's and IDM's REST is: whoever asks there is a program, whatever its library says that it takes. */
const ofPrograms = /^\/(?:am\/json|openidm)(?:\/|$)/

/** For a browser that opens an address at which nothing is; undefined for a program, which is told in JSON. */
export function missingPage(http: HttpRequest): HttpResponse | undefined {
  const opens = http.method === 'GET' || http.method === 'HEAD'
  if (!opens || ofPrograms.test(http.path) || !prefersPage(http)) return undefined
  const error = new OAuthError('not_found', 'Nothing is served at this address.')
  return pageOf(undefined, http, error)
}

/** What somebody needs who is asked for help, beside what happened: its time and its name. */
function pageOf(realm: Realm | undefined, http: HttpRequest, error: OAuthError): HttpResponse {
  const messages = chooseMessages(wantedLocales(http, error), header(http, 'accept-language'))
  const { parameter, fate, back, why, headers } = error.detail
  const frame = frameOf(realm, messages)
  const page = errorPage({
    ...frame,
    status: error.status,
    code: error.code,
    description: error.description,
    parameter,
    reason: shownReason(why),
    request: { id: http.trace.id, time: timeAt(realm) },
    fate,
    back: back === undefined ? undefined : { href: back, text: backText(messages, error.detail) },
  })
  return htmlPage(error.status, page, {
    ...pageHeaders({ ...frame, script: errorScript }),
    ...headers,
  })
}

/** By the realm's clock; without a realm by that of the log. */
function timeAt(realm: Realm | undefined): string {
  return realm === undefined ? timestamp() : isoTime(realm.timeOfDay())
}

/** A session that is over is begun anew here; everything else goes back to the application, by its name if it has one. */
function backText(messages: Messages, { fate, back = '', backTo = [] }: ErrorDetail): string {
  if (goesOnHere(fate)) return messages.error.goOn
  return messages.backTo(localised(backTo, messages.lang) || hostOf(back))
}

/**
 * OIDC Core §3.1.2.1: as the request behind it says, else the URL, which may be what is wrong with it; there the login
 * pages' own word counts too (PingAM: `locale`).
 */
function wantedLocales({ query }: HttpRequest, { detail }: OAuthError): readonly string[] {
  if (detail.locales !== undefined) return detail.locales
  const url = new URLSearchParams(query)
  const [ui_locales = '', locale = ''] = ['ui_locales', 'locale'].map((name) => url.get(name) ?? '')
  return [...ui_locales.split(' '), locale.replaceAll('_', '-')]
}

/** A person's browser, which names HTML. */
export function acceptsPage(http: HttpRequest): boolean {
  return /\btext\/html\b/i.test(header(http, 'accept') ?? '')
}

/** RFC 9110 §12.5.1: HTML before JSON, as a person's browser asks for an address; to others both are the same. */
function prefersPage(http: HttpRequest): boolean {
  const accept = (header(http, 'accept') ?? '').slice(0, 1000)
  const ranges = accept.split(',').map((part): readonly [range: string, quality: number] => {
    const [range = '', ...parameters] = part.toLowerCase().split(';')
    const said = parameters.map((each) => /^\s*q=([\d.]{1,5})\s*$/.exec(each)?.[1]).find(Boolean)
    return [range.trim(), said === undefined ? 1 : Number(said)]
  })
  const qualityOf = (...names: readonly string[]): number => {
    const found = names.map((name) => ranges.find(([range]) => range === name)?.[1])
    return found.find((quality) => quality !== undefined) ?? 0
  }
  const any = '*/*'
  return qualityOf('text/html', 'text/*', any) > qualityOf('application/json', 'application/*', any)
}

/** C-21: JSON where the caller prefers it to HTML. */
function prefersJson(http: HttpRequest): boolean {
  const accept = header(http, 'accept') ?? ''
  return accept.includes('application/json') && !accept.includes('text/html')
}

/** Where a link back leads, as a person knows it: the host, or the app's own scheme. */
function hostOf(uri: string): string {
  const url = URL.parse(uri)
  return url?.host || url?.protocol || uri
}

interface Where {
  readonly endpoint: string
  readonly realm: string
}

/** What a client is told of whatever was thrown: only an `OAuthError` speaks for itself. */
export function asOAuthError({ endpoint, realm }: Where, thrown: unknown): OAuthError {
  if (thrown instanceof OAuthError) return thrown
  if (thrown instanceof StoreUnavailable) {
    event('store.unavailable', { endpoint, realm, reason: reasonOf(thrown) }, 'warn')
    return new OAuthError('temporarily_unavailable', 'Please try again.', {
      why: 'store-unavailable',
      headers: { 'retry-after': String(thrown.retryAfter) },
    })
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown)
  alarm('bug', { endpoint, realm, stack })
  return new OAuthError('server_error', 'The server met an unexpected condition.', {
    why: 'server-fault',
    cause: thrown,
  })
}
