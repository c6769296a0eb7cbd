import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpRequest, HttpResponse, Serve } from '../base/http.ts'
import { alarm, event } from '../base/log.ts'
import { http } from '../base/node-http.ts'
import { newTrace, requestIdHeader, traced } from '../base/trace.ts'
import { describe, headersOf, type Manner, refusal, send } from './write.ts'

/** A request that is not to be read. */
export interface Unread {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly hasBody: boolean
}

/**
 * Refuses a request in the form of the endpoint that was asked, where that can be told: without `asked`
 * there is no realm that could say how.
 */
export function refuseUnread(
  serve: Serve | undefined,
  asked: HttpRequest | undefined,
  { request, response, hasBody }: Unread,
  status: number,
  manner: Manner,
): void {
  const say = (answer: HttpResponse): void => {
    refuse({ request, response, hasBody }, answer, manner)
  }
  if (serve === undefined || asked === undefined) say(refusal(status))
  else void refusalOf(serve, asked, status).then(say)
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

/** Answers of `refuse` that wait for the rest of their request. */
const refused = new WeakSet<ServerResponse>()

/** How long the rest of a refused request is thrown away before its connection is cut. */
const lingering = 2000

/**
 * Refuses a request that is not to be read: answers at once, throws its body away until it ends or
 * the other end hangs up, then closes. Closing at once would reset the connection under the answer.
 */
function refuse(
  { request, response, hasBody }: Unread,
  answer: HttpResponse,
  manner: Manner,
): void {
  const { status } = answer
  event('http.refused', { status, peer: request.socket.remoteAddress }, 'debug')
  if (!hasBody || request.complete) {
    send(response, answer, manner)
    return
  }
  const close = (): void => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(close, lingering)
  request.on('end', close)
  request.on('close', close)
  request.resume()
  refused.add(response)
  response.writeHead(status, headersOf(answer, manner))
  response.write(answer.body)
}

const parserErrors: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/**
 * Answers bytes that are no request, or half of one for too long, and closes. Behind a request that
 * is still being answered nothing is written: it would be taken for the answer to that one.
 */
export function answerParserError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writableEnded || socket.destroyed) return
  const status = parserErrors[error.code ?? ''] ?? 400
  const peer = socket.remoteAddress
  // What is no request has no name of its own that could be taken.
  const trace = newTrace({ method: '', peer: peer ?? '' })
  traced(trace, () => event('http.refused', { status, peer, reason: error.code }, 'debug'))
  // Node names the answer in progress here, and its own handling of this event looks at it too.
  const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse | null }
  if (current && refused.has(current)) {
    current.end()
    return
  }
  if (error.code === 'ECONNRESET' || !socket.writable || !mayAnswer(current)) {
    socket.destroy()
    return
  }
  const { headers, body } = refusal(status)
  const helped = status === 431 ? endedInteractions(error) : []
  const fields = {
    ...headers,
    [requestIdHeader]: trace.id,
    connection: 'close',
    'content-length': Buffer.byteLength(body),
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${[...lines, ...helped].join('')}\r\n${String(body)}`,
  )
  setTimeout(() => socket.destroy(), lingering).unref()
}

/**
 * Takes a browser's interactions away whose header could not be read: without them it may fit the next
 * time. Only what came last is known of it; another try takes the next ones.
 */
function endedInteractions(error: Error): string[] {
  const { rawPacket = '' } = error as Error & { readonly rawPacket?: Buffer }
  const text = rawPacket.toString('latin1')
  const names = new Set(text.match(/(?<=[ ;])(?:__Host-)?parapet-[\w-]{12}(?==)/g)?.slice(0, 32))
  return [...names].map((name) => {
    const secure = name.startsWith('__Host-') ? '; Secure' : ''
    return `set-cookie: ${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure}\r\n`
  })
}

function mayAnswer(current: ServerResponse | null | undefined): boolean {
  return !current || (!current.headersSent && !current.req.complete)
}
