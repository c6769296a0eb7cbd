import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import * as https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { plainAddress } from '../base/address.ts'
import type { Serve } from '../base/http.ts'
import { http } from '../base/node-http.ts'
import { random } from '../base/random.ts'
import type { Ready } from '../base/ready.ts'
import { type BacklogLimits, backlog, backlogLimits } from './backlog.ts'
import { certificateReader, type Vouched } from './certificates.ts'
import { capConnections, talking } from './connections.ts'
import { drain, type Others, type Stopping } from './drain.ts'
import { networks } from './forwarded.ts'
import { serverOptions, tlsOptions } from './limits.ts'
import { type OriginOptions, originReader } from './origin.ts'
import { answerParserError } from './refused.ts'
import { limitsBroken, requestListener } from './request.ts'
import { closeStalled } from './stalled.ts'

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
  /** Of which of them it is remembered what came beside; of all if it is not given. */
  readonly vouched?: Vouched | undefined
  /** Answers what is refused unread, so marked, where it is known who would have: with the same status. */
  readonly refused?: Serve | undefined
  /** Answers until the real one is there; if it is not given, everything waits for that. */
  readonly meanwhile?: Serve | undefined
  readonly connectionsPerAddress?: number | undefined
  /** Bytes held for clients that write on without reading; and milliseconds until they are closed. */
  readonly backlog?: BacklogLimits | undefined
  readonly writeTimeout?: number | undefined
  /** Milliseconds for which it goes on after the wish to stop; a moment if it is not given. */
  readonly stopDelay?: number | undefined
  /** Processes that accept connections of the same port. */
  readonly others?: Others | undefined
  /** Paths answered whatever Host says, for probes that know no name: health. */
  readonly anyHost?: readonly string[] | undefined
}

/** A server that listens. */
export interface Listener {
  readonly port: number
  /** `http://127.0.0.1:8080`: the first base URL, else a loopback name and the port. */
  readonly origin: string
  /**
   * Goes on for a moment, accepts nothing more, answers what it holds, closes. What is not done `limit` milliseconds
   * (10,000 if not given) after that moment is cut off.
   */
  stop(limit?: number): Promise<void>
}

/**
 * Listens, and hands every request that is within limits and addressed to this server to `serve`. What
 * comes before that is there waits for it.
 */
export async function listen(options: ListenOptions, serve: Ready<Serve>): Promise<Listener> {
  const server = serverOf(options)
  const port = await listening(server, options)
  const scheme = options.tls === undefined ? 'http' : 'https'
  const origin = options.baseUrls[0] ?? `${scheme}://localhost:${port}`
  const asks = options.askCertificates === true && scheme === 'https'
  const stopping: Stopping = { now: false, last: false, held: undefined }
  const open = talking(server, scheme)
  const reading = {
    ownOrigin: origin,
    serve: serve instanceof Promise ? (options.meanwhile ?? whenThere(serve)) : serve,
    refused: options.refused,
    stopping,
    backlog: backlog(options.backlog ?? backlogLimits, open),
    anyHost: new Set(options.anyHost),
    hsts: scheme === 'https',
    shown: asks ? certificateReader(options.vouched ?? (() => true)) : undefined,
  }
  if (serve instanceof Promise) {
    void serve.then((there) => {
      reading.serve = there
    })
  }
  const answerOne = requestListener(reading, originReader({ ...options, scheme, port }))
  server.on('request', answerOne)
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // RFC 9110 §10.1.1: who asks first is told before it sends too much.
    if (limitsBroken(request) === undefined) response.writeContinue()
    answerOne(request, response)
  })
  server.on('clientError', answerParserError)
  const sockets = capConnections(server, options)
  closeStalled(server, open, options.writeTimeout)
  const trusted = networks(options.trustedProxies)
  const isProxy = ({ remoteAddress = '' }: Socket): boolean => trusted(plainAddress(remoteAddress))
  const { stopDelay = 0, others } = options
  const drained = { server, sockets, stopping, isProxy, stopDelay, others }
  return { port, origin, stop: (limit = 10_000) => drain(drained, limit) }
}

function whenThere(serve: Promise<Serve>): Serve {
  return async (asked) => (await serve)(asked)
}

function serverOf({ tls, askCertificates }: ListenOptions): Server | https.Server {
  const server =
    tls === undefined
      ? http.createServer(serverOptions)
      : https.createServer({
          ...serverOptions,
          ...tlsOptions,
          ...tls,
          requestCert: askCertificates === true,
          rejectUnauthorized: false,
        })
  // Node drops headers above its count in silence; here they are counted and refused instead.
  server.maxHeadersCount = 0
  return server
}

/** Gives the port. */
async function listening(
  server: Server | https.Server,
  { port, host, askCertificates }: ListenOptions,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A primary gives its workers one key for tickets. A session that is resumed tells the client's certificate, but what
  // came beside that only the process knows which was shown it.
  if (server instanceof https.Server && askCertificates === true) server.setTicketKeys(random(48))
  return (server.address() as AddressInfo).port
}
