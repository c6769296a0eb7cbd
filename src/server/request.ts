import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpRequest, HttpResponse } from '../base/http.ts'
import { alarm } from '../base/log.ts'
import type { Ready } from '../base/ready.ts'
import type { Backlog } from './backlog.ts'
import { hasBody, readBody } from './body.ts'
import { proven } from './certificates.ts'
import { gatherer } from './gather.ts'
import { limitsBroken } from './limits.ts'
import type { OriginRead } from './origin.ts'
import { describe, type Manner, refusal, refuse, send } from './write.ts'

/** What answers requests. A throw or rejection is a bug and becomes 500. */
export type Serve = (request: HttpRequest) => Ready<HttpResponse>

/** Requests handled in one go: some ten milliseconds. */
const mostAtOnce = 256

const handled = gatherer(setImmediate, mostAtOnce)
const sent = gatherer((run) => process.nextTick(run))

const noBody = new Uint8Array(0)

/** What every request of a listener is read and answered by. */
export interface Reading {
  readonly ownOrigin: string
  readonly serve: Serve
  /** Says a refusal in the form of the endpoint that was asked. */
  readonly refused: Serve | undefined
  readonly stopping: { readonly now: boolean }
  readonly backlog: Backlog
  readonly anyHost: ReadonlySet<string>
  readonly hsts: boolean
  /** Whether connections are asked for certificates. */
  readonly asks: boolean
}

/** Reads one request within the limits, and has it answered. */
export function readRequest(
  reading: Reading,
  request: IncomingMessage,
  response: ServerResponse,
  found: OriginRead,
): void {
  const { stopping, hsts } = reading
  const status = limitsBroken(request) ?? ('refused' in found ? found.refused : undefined)
  if (status !== undefined && !answeredAnyway(reading, request, found, status)) {
    refuseUnread(reading, request, response, found, status)
    return
  }
  const manner = (): Manner => ({ last: stopping.now, hsts })
  const whole = (body: Uint8Array): void => {
    const asked = plainRequest(reading, request, found, body)
    const whose = proven(asked, found, request.socket, reading.asks)
    // Handled when all is read that has come: not one by one, between the reading of two others.
    handled(asked.path, () => {
      if (!request.socket.destroyed) answer(reading, whose, response, manner)
    })
  }
  if (!hasBody(request)) whole(noBody)
  else {
    readBody(request, (body) => {
      if (body === undefined) refuseUnread(reading, request, response, found, 413)
      else whole(body)
    })
  }
}

/** A request as plain data. */
function plainRequest(
  { ownOrigin, stopping }: Reading,
  { method = '', url = '', headers, rawHeaders }: IncomingMessage,
  found: OriginRead,
  body: Uint8Array,
): HttpRequest {
  const target = found.target ?? url
  const question = target.indexOf('?')
  return {
    method,
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? '' : target.slice(question + 1),
    headers,
    rawHeaders,
    body,
    origin: 'origin' in found ? found.origin : ownOrigin,
    peer: found.peer,
    rest: '',
    ...(stopping.now && { stopping: true }),
  }
}

/** A probe, by whatever host it asks. */
function answeredAnyway(
  reading: Reading,
  request: IncomingMessage,
  found: OriginRead,
  status: number,
): boolean {
  if (status !== 421 && status !== 503) return false
  return reading.anyHost.has(plainRequest(reading, request, found, noBody).path)
}

/** Refuses a request in the form of the endpoint that was asked, where that can be told. */
function refuseUnread(
  reading: Reading,
  request: IncomingMessage,
  response: ServerResponse,
  found: OriginRead,
  status: number,
): void {
  const { refused, hsts } = reading
  const say = (answer: HttpResponse): void => {
    refuse(request, response, answer, { last: true, hsts })
  }
  // Without an origin there is no realm that could say how.
  if (refused === undefined || !('origin' in found)) say(refusal(status))
  else void refusalOf(refused, plainRequest(reading, request, found, noBody), status).then(say)
}

/** A refusal in the form of the endpoint that was asked, which may let web origins read it; else our own. */
async function refusalOf(serve: Serve, asked: HttpRequest, status: number): Promise<HttpResponse> {
  const refused = { status, description: describe(status)[1] }
  const own = refusal(status)
  try {
    const answer = await serve({ ...asked, refused })
    return answer.status === status ? answer : own
  } catch (error) {
    alarm('http.failed', { method: asked.method, path: asked.path, error: String(error) })
    return own
  }
}

/** Has one request answered. Whatever is thrown is a bug: 500, an alarm, and the server goes on. */
function answer(
  { serve, backlog }: Reading,
  request: HttpRequest,
  response: ServerResponse,
  manner: () => Manner,
): void {
  const failed = (error: unknown): void => {
    const what = error instanceof Error ? error.stack : String(error)
    alarm('http.failed', { method: request.method, path: request.path, error: what })
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
