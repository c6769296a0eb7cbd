import type { ClientRequest } from 'node:http'
import * as https from 'node:https'
import type { LookupFunction, Socket } from 'node:net'
import { connect, isIP } from 'node:net'
import * as tls from 'node:tls'
import { http } from '../node-http.ts'

/** What is sent: a body of no bytes is none. */
export interface Message {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Sends one request over a connection of its own, to one of the addresses that the URL's host was found to
 * have. The socket is made here and is destroyed when `ended` comes: nothing that the protocol's state
 * machine makes of odd bytes (a switch to another protocol, say, after which it lets go of the socket)
 * keeps it.
 */
export function request(
  url: URL,
  addresses: readonly string[],
  { method, headers, body = '' }: Message,
  ended: AbortSignal,
): ClientRequest {
  const socket = connectTo(url, addresses)
  // Errors are the request's; one that comes after it let go of the socket is nobody's.
  socket.on('error', () => {})
  ended.addEventListener('abort', () => socket.destroy(), { once: true })
  const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) }
  const options = { method, headers: { ...headers, ...length }, createConnection: () => socket }
  const sent = url.protocol === 'https:' ? https.request(url, options) : http.request(url, options)
  sent.on('error', () => {})
  sent.end(body)
  return sent
}

function connectTo(url: URL, addresses: readonly string[]): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const lookup: LookupFunction = (_name, { all }, found) => {
    const known = addresses.map((address) => ({ address, family: isIP(address) }))
    if (all === true) found(null, known)
    else found(null, known[0]?.address ?? '', known[0]?.family)
  }
  const port = url.port === '' ? undefined : Number(url.port)
  if (url.protocol === 'http:') return connect({ host, port: port ?? 80, lookup })
  // RFC 6066 §3: a server name is never an address.
  const servername = isIP(host) === 0 ? host.replace(/\.$/, '') : ''
  return tls.connect({ host, port: port ?? 443, lookup, servername, ALPNProtocols: ['http/1.1'] })
}
