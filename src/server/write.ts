import type { ServerResponse } from 'node:http'
import { type HttpRequest, type HttpResponse, json, type Serve } from '../base/http.ts'
import { alarm } from '../base/log.ts'
import { requestIdHeader, traced } from '../base/trace.ts'
import type { Backlog } from './backlog.ts'

/** Takes a job to be done soon, beside its like. */
export type Gather = (kind: string, job: () => void) => void

/**
 * Gathers jobs and does them in one go when `soon` comes, kind by kind: what the first of a kind has
 * brought into the processor's caches serves the rest, which saves a tenth of what requests cost
 * under load. Of more than `most` the rest waits for the next time, so that however many come at once,
 * timers and signals have their turn between them; what comes meanwhile is done after these. Jobs must
 * not throw.
 */
export function gatherer(soon: (run: () => void) => void, most = Number.POSITIVE_INFINITY): Gather {
  let kinds = new Map<string, (() => void)[]>()
  let count = 0
  let waiting = false
  /** What was gathered once and was too much for one time, last first. */
  let rest: (() => void)[] = []
  const again = (): void => {
    if (waiting) return
    waiting = true
    soon(run)
  }
  const run = (): void => {
    waiting = false
    if (rest.length === 0) {
      const gathered = kinds
      const fits = count <= most
      kinds = new Map()
      count = 0
      if (fits) {
        for (const jobs of gathered.values()) for (const job of jobs) job()
        return
      }
      rest = [...gathered.values()].flat().reverse()
    }
    for (let i = 0; i < most && rest.length > 0; i++) rest.pop()?.()
    if (rest.length > 0 || count > 0) again()
  }
  return (kind, job) => {
    again()
    count += 1
    const jobs = kinds.get(kind)
    if (jobs === undefined) kinds.set(kind, [job])
    else jobs.push(job)
  }
}

const sent = gatherer((run) => process.nextTick(run))

/** How an answer goes out. */
export interface Manner {
  /** The last one of its connection. */
  readonly last: boolean
  /** What the request is called, for the answer's header. */
  readonly requestId: string
  /** H-11: whether we end TLS ourselves and may ask for it ever after. */
  readonly hsts: boolean
}

/** Writes an answer in one go. Node refuses header values with control characters by a throw. */
export function send(response: ServerResponse, answer: HttpResponse, manner: Manner): void {
  const { status, headers, body } = answer
  const length = lengthOf(body)
  response.writeHead(status, headersOf(answer, manner, length))
  // What is ASCII is the same in Latin-1, which node writes out without looking at it. Headers go the same way as the body:
  // frozen ones are our own words and ASCII, in others somebody else's may stand.
  if (typeof body === 'string' && length === body.length && Object.isFrozen(headers))
    response.end(body, 'latin1')
  else response.end(body)
}

/** Names and values in turn, those of the connection and the body among them. */
export function headersOf(
  { status, headers, body }: HttpResponse,
  manner: Manner,
  length = lengthOf(body),
): string[] {
  const flat = flatHeaders(headers)
  flat.push(requestIdHeader, manner.requestId)
  if (manner.hsts) flat.push('strict-transport-security', 'max-age=31536000')
  if (manner.last) flat.push('connection', 'close')
  if (status !== 204 && status !== 304) flat.push('content-length', `${length}`)
  return flat
}

function lengthOf(body: HttpResponse['body']): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length
}

const flattened = new WeakMap<HttpResponse['headers'], readonly string[]>()

/** Names and values in turn. Frozen headers belong to many answers and are read once. */
function flatHeaders(headers: HttpResponse['headers']): string[] {
  const known = flattened.get(headers)
  if (known !== undefined) return known.slice()
  const flat: string[] = []
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string') flat.push(name, value)
    else for (const one of value ?? []) flat.push(name, one)
  }
  if (Object.isFrozen(headers)) flattened.set(headers, flat.slice())
  return flat
}

const descriptions: Readonly<Record<number, readonly [code: string, description: string]>> = {
  400: ['bad_request', 'The request is malformed'],
  408: ['bad_request', 'The request did not arrive in time'],
  413: ['payload_too_large', 'The request body is too large'],
  414: ['bad_request', 'The request URL is too long'],
  421: ['bad_request', 'This server does not answer for the host that was asked for'],
  431: [
    'bad_request',
    'The request header is too large. A browser that goes on being told so must delete the cookies of this site',
  ],
  500: ['server_error', 'The server met an unexpected condition'],
  503: ['temporarily_unavailable', 'The server cannot answer at the moment'],
}

/** Why a request is refused, for whoever sent it. */
export function describe(status: number): readonly [code: string, description: string] {
  return descriptions[status] ?? ['server_error', 'Unexpected']
}

/** The answer to what never reached an endpoint, or came back from it as a bug. */
export function refusal(status: number): HttpResponse {
  const [error, error_description] = describe(status)
  const again = status === 503 ? { 'retry-after': '1' } : {}
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...again }
  return json(status, { error, error_description }, headers)
}

/** Has one request answered. Whatever is thrown is a bug: 500, an alarm, and the server goes on. */
export function answer(
  { serve, backlog }: { readonly serve: Serve; readonly backlog: Backlog },
  request: HttpRequest,
  response: ServerResponse,
  manner: () => Manner,
): void {
  const failed = (error: unknown): void => {
    const what = error instanceof Error ? error.stack : String(error)
    const { method, path, trace } = request
    traced(trace, () => alarm('http.failed', { method, path, error: what }))
    if (response.headersSent) response.destroy()
    else send(response, refusal(500), { ...manner(), last: true })
  }
  const succeeded = (value: HttpResponse): void =>
    sent('', () => {
      try {
        send(response, value, manner())
        // Behind others of its connection.
        if (response.socket === null) backlog.made(response, value.body.length)
      } catch (error) {
        failed(error)
      }
    })
  try {
    const made = serve(request)
    if (made instanceof Promise) made.then(succeeded).catch(failed)
    else succeeded(made)
  } catch (error) {
    failed(error)
  }
}
