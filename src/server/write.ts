import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type HttpResponse, json } from '../base/http.ts'
import { event } from '../base/log.ts'
import { hasBody } from './body.ts'

/** How an answer goes out. */
export interface Manner {
  /** The last one of its connection. */
  readonly last: boolean
  /** H-11: whether we end TLS ourselves and may ask for it ever after. */
  readonly hsts: boolean
}

/** Writes an answer in one go. Node refuses header values with control characters by a throw. */
export function send(response: ServerResponse, answer: HttpResponse, manner: Manner): void {
  response.writeHead(answer.status, headersOf(answer, manner))
  response.end(answer.body)
}

/** Names and values in turn, those of the connection and the body among them. */
function headersOf({ status, headers, body }: HttpResponse, manner: Manner): string[] {
  const flat = flatHeaders(headers)
  if (manner.hsts) flat.push('strict-transport-security', 'max-age=31536000')
  if (manner.last) flat.push('connection', 'close')
  if (status !== 204 && status !== 304) {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
    flat.push('content-length', `${length}`)
  }
  return flat
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

/** Answers of `refuse` that wait for the rest of their request. */
const refused = new WeakSet<ServerResponse>()

/** How long the rest of a refused request is thrown away before its connection is cut. */
const lingering = 2000

/**
 * Refuses a request that is not to be read: answers at once, throws its body away until it ends or
 * the other end hangs up, then closes. Closing at once would reset the connection under the answer.
 */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HttpResponse,
  manner: Manner,
): void {
  const { status } = answer
  event('http.refused', { status, peer: request.socket.remoteAddress }, 'debug')
  if (!hasBody(request) || request.complete) {
    send(response, answer, { ...manner, last: true })
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
  response.writeHead(status, headersOf(answer, { ...manner, last: true }))
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
  event('http.refused', { status, peer: socket.remoteAddress, reason: error.code }, 'debug')
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
  const fields = { ...headers, connection: 'close', 'content-length': Buffer.byteLength(body) }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${[...lines, ...helped].join('')}\r\n${String(body)}`,
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
