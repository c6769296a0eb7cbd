import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { HttpRequest, HttpResponse } from '../base/http.ts'
import { alarm } from '../base/log.ts'
import { delay } from '../base/time.ts'
import { hasBody, readBody } from './body.ts'
import { proven } from './certificates.ts'
import { capConnections } from './connections.ts'
import { gatherer } from './gather.ts'
import { limitsBroken, serverOptions, tlsOptions } from './limits.ts'
import { type OriginOptions, type OriginRead, originReader } from './origin.ts'
import { answerParserError, type Manner, refusal, refuse, send } from './write.ts'

/** Where and for whom to listen. */
export interface ListenOptions
  extends Pick<OriginOptions, 'baseUrls' | 'trustedProxies' | 'alias'> {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** PEM texts; with them the listener speaks https. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  /** Whether TLS connections are asked for a certificate; which ones are good is not decided here. */
  readonly askCertificates?: boolean | undefined
  readonly connectionsPerAddress?: number | undefined
  /** Paths answered whatever Host says, for probes that know no name: health. */
  readonly anyHost?: readonly string[] | undefined
}

/** What answers requests. A throw or rejection is a bug and becomes 500. */
export type Serve = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>

/** A server that listens. */
export interface Listener {
  readonly port: number
  /** `http://127.0.0.1:8080`: the first base URL, else a loopback name and the port. */
  readonly origin: string
  /**
   * Accepts nothing more, answers what it holds, closes. What is not done after `limit` milliseconds
   * (10,000 if not given) is cut off.
   */
  stop(limit?: number): Promise<void>
}

/** Listens, and hands every request that is within limits and addressed to this server to `serve`. */
export async function listen(options: ListenOptions, serve: Serve): Promise<Listener> {
  const server =
    options.tls === undefined
      ? http.createServer(serverOptions)
      : https.createServer({
          ...serverOptions,
          ...tlsOptions,
          ...options.tls,
          requestCert: options.askCertificates === true,
          rejectUnauthorized: false,
        })
  // Node drops headers above its count in silence; here they are counted and refused instead.
  server.maxHeadersCount = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  const scheme = options.tls === undefined ? 'http' : 'https'
  const origin = options.baseUrls[0] ?? `${scheme}://localhost:${port}`
  const stopping = { now: false }
  const answerOne = answering({ ...options, scheme, port }, origin, serve, stopping)
  server.on('request', answerOne)
  server.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
    // RFC 9110 §10.1.1: who asks first is told before it sends too much.
    if (limitsBroken(request) === undefined) response.writeContinue()
    answerOne(request, response)
  })
  server.on('clientError', answerParserError)
  const sockets = capConnections(server, options)
  return { port, origin, stop: (limit = 10_000) => stop(server, sockets, stopping, limit) }
}

const handled = gatherer(setImmediate)
const sent = gatherer((run) => process.nextTick(run))

const noBody = new Uint8Array(0)

/** Makes the listener of requests: limits, origin, body, `serve`, answer. */
function answering(
  options: ListenOptions & Pick<OriginOptions, 'scheme' | 'port'>,
  ownOrigin: string,
  serve: Serve,
  stopping: { readonly now: boolean },
): (request: http.IncomingMessage, response: http.ServerResponse) => void {
  const readOrigin = originReader(options)
  const anyHost = new Set(options.anyHost)
  const hsts = options.scheme === 'https'
  const asks = options.askCertificates === true && hsts

  const read = (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    found: OriginRead,
  ): void => {
    const target = found.target ?? request.url ?? ''
    const question = target.indexOf('?')
    const path = question < 0 ? target : target.slice(0, question)
    const status = limitsBroken(request) ?? ('refused' in found ? found.refused : undefined)
    if (status !== undefined && !((status === 421 || status === 503) && anyHost.has(path))) {
      refuse(request, response, status, { last: true, hsts })
      return
    }
    const manner = (): Manner => ({ last: stopping.now, hsts })
    const whole = (body: Uint8Array): void => {
      const asked: HttpRequest = {
        method: request.method as string,
        path,
        query: question < 0 ? '' : target.slice(question + 1),
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body,
        origin: 'origin' in found ? found.origin : ownOrigin,
        peer: found.peer,
        rest: '',
      }
      const whose = proven(asked, found, request.socket, asks)
      // Handled when all is read that has come: not one by one, between the reading of two others.
      handled(path, () => answer(serve, whose, response, manner))
    }
    if (!hasBody(request)) whole(noBody)
    else {
      readBody(request, (body) => {
        if (body === undefined) refuse(request, response, 413, manner())
        else whole(body)
      })
    }
  }
  return (request, response) => {
    const found = readOrigin(request)
    if (!(found instanceof Promise)) return read(request, response, found)
    found
      .then((later) => read(request, response, later))
      .catch((error: unknown) => {
        alarm('http.failed', { method: request.method, path: request.url, error: String(error) })
        response.destroy()
      })
  }
}

/** Has one request answered. Whatever is thrown is a bug: 500, an alarm, and the server goes on. */
function answer(
  serve: Serve,
  request: HttpRequest,
  response: http.ServerResponse,
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

async function stop(
  server: http.Server | https.Server,
  sockets: ReadonlySet<Socket>,
  stopping: { now: boolean },
  limit: number,
): Promise<void> {
  stopping.now = true
  const closed = new Promise<true>((resolve) => {
    server.close(() => resolve(true))
  })
  // A connection that never sent a byte (browsers open some in advance) waits for nothing.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  for (let waited = 0; waited < limit; waited += 50) {
    server.closeIdleConnections()
    if ((await Promise.race([closed, delay(50)])) === true) return
  }
  server.closeAllConnections()
  await closed
}
