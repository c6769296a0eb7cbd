import { plainAddress } from '../base/address.ts'
import { alarm, reasonOf } from '../base/log.ts'
import { type Ready, whenReady } from '../base/ready.ts'
import { networks, readForwarded } from './forwarded.ts'

/** Where a request's scheme, host and port may come from; nothing else is ever believed. */
export interface OriginOptions {
  /** Origins of PARAPET_BASE_URL. Where there are some, forwarded headers choose among them. */
  readonly baseUrls: readonly string[]
  /** Addresses and networks of PARAPET_TRUSTED_PROXIES. */
  readonly trustedProxies: readonly string[]
  /** Whether a host name is an alias of a realm: it then stands in for that of any base URL. */
  readonly alias?: ((hostname: string) => Ready<boolean>) | undefined
  /** How the listener is reached. */
  readonly scheme: 'http' | 'https'
  readonly port: number
}

/** The parts of a request that may tell its origin; Node's request has them. */
export interface Addressed {
  /** The request target as sent. */
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly rawHeaders: readonly string[]
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** An origin and whom to hold responsible, or the status that refuses the request. */
export type OriginRead =
  | {
      readonly origin: string
      readonly peer: string
      readonly target: string
      /** Whether the connection is a trusted proxy's. */
      readonly proxied: boolean
    }
  | { readonly refused: Refused; readonly peer: string; readonly target?: string }

/** 503: it could not be read whether the host is an alias. */
type Refused = 400 | 421 | 503

/** Decides for every request which of this server's origins it was addressed to. */
export function originReader(options: OriginOptions): (request: Addressed) => Ready<OriginRead> {
  const { trustedProxies } = options
  const trusted = networks(trustedProxies)
  const find = originFinder(options)

  return ({ url = '', headers, rawHeaders, socket }) => {
    const { remoteAddress = '' } = socket
    const socketPeer = remoteAddress.startsWith('::') ? plainAddress(remoteAddress) : remoteAddress
    // RFC 9112 §3.2: more than one Host, or none, is 400.
    if (!hostOnce(rawHeaders)) return { refused: 400, peer: socketPeer }
    const sent = splitTarget(url)
    if (sent === undefined) return { refused: 400, peer: socketPeer }
    const authority = (sent.authority ?? String(headers.host)).toLowerCase()
    if (trustedProxies.length === 0 || !trusted(socketPeer)) {
      const found = find(options.scheme, authority, false)
      // All but an alias is known at once.
      if (!(found instanceof Promise)) return answer(found, socketPeer, sent.target, false)
      return found.then((later) => answer(later, socketPeer, sent.target, false))
    }
    const forwarded = readForwarded(headers, socketPeer, trusted)
    if (forwarded === undefined) return { refused: 400, peer: socketPeer }
    const { peer, host, proto = options.scheme, port } = forwarded
    if (proto !== 'http' && proto !== 'https') return { refused: 400, peer }
    return whenReady(find(proto, withPort(host ?? authority, port), host !== undefined), (found) =>
      answer(found, peer, sent.target, true),
    )
  }
}

/** What a proxy says of the port counts where the host names none: that is what the client asked for. */
function withPort(host: string, port: string | undefined): string {
  return port === undefined || /:\d*$/.test(host) ? host : `${host}:${port}`
}

function answer(
  found: string | Refused,
  peer: string,
  target: string,
  proxied: boolean,
): OriginRead {
  if (typeof found !== 'string') return { refused: found, peer, target }
  return { origin: found, peer, target, proxied }
}

type Find = (scheme: 'http' | 'https', host: string, forwarded: boolean) => Ready<string | Refused>

/** Finds the origin of a host; `forwarded` tells that a trusted proxy named it. */
function originFinder({ baseUrls, trustedProxies, alias, scheme, port }: OriginOptions): Find {
  const loopback = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${scheme}://${name}:${port}`)
  const nothingSaid = baseUrls.length === 0 && trustedProxies.length === 0
  const origins = (nothingSaid ? loopback : baseUrls).map((url) => new URL(url))
  // First the base URL of the scheme the request came by, then any: TLS may end before us.
  const known = {
    http: new Map(entries(origins, 'https').concat(entries(origins, 'http'))),
    https: new Map(entries(origins, 'http').concat(entries(origins, 'https'))),
  }
  const ports = origins.length > 0 ? origins : loopback.map((url) => new URL(url))

  return (by, host, forwarded) => {
    const origin = known[by].get(host)
    if (origin !== undefined) return origin
    const [, name, number = ''] =
      /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/.exec(host) ?? []
    if (name === undefined || Number(number) > 65535) return 400
    return whenReady(isAlias(alias, name), (is) => {
      if (is === undefined) return 503
      if (is) {
        const same = ports.filter(
          (url) => portOf(url.protocol, number) === portOf(url.protocol, url.port),
        )
        const base = same.find((url) => url.protocol === `${by}:`) ?? same[0]
        if (base !== undefined) return `${base.protocol}//${name}${base.port && `:${base.port}`}`
      }
      if (!forwarded || baseUrls.length > 0) return 421
      return number === '' || number === defaultPort(`${by}:`)
        ? `${by}://${name}`
        : `${by}://${name}:${number}`
    })
  }
}

/** Undefined where the aliases cannot be read: whoever asks may come again. */
function isAlias(alias: OriginOptions['alias'], name: string): Ready<boolean | undefined> {
  const unread = (thrown: unknown): undefined => {
    alarm('aliases.unread', { reason: reasonOf(thrown) })
  }
  try {
    const is = alias?.(name) ?? false
    return is instanceof Promise ? is.catch(unread) : is
  } catch (thrown) {
    return unread(thrown)
  }
}

/** Hosts by which the origins of one scheme are addressed, with and without the default port. */
function entries(origins: readonly URL[], scheme: string): [host: string, origin: string][] {
  return origins
    .filter((url) => url.protocol === `${scheme}:`)
    .flatMap((url) =>
      url.port === ''
        ? [
            [url.host, url.origin],
            [`${url.host}:${defaultPort(url.protocol)}`, url.origin],
          ]
        : [[url.host, url.origin]],
    )
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80'
}

function portOf(protocol: string, port: string): string {
  return port === '' ? defaultPort(protocol) : port
}

function hostOnce(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count === 1
}

interface Target {
  /** From `/` on. */
  readonly target: string
  readonly authority: string | undefined
}

/**
 * RFC 9112 §3.2: origin form, or absolute form, whose host then counts instead of Host. A fragment
 * is never sent; `*` and everything else are no target of this server.
 */
function splitTarget(url: string): Target | undefined {
  if (url.startsWith('/')) return { target: url, authority: undefined }
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]*)([^#]*)$/i.exec(url) ?? []
  if (authority === undefined || authority === '') return undefined
  return { target: rest.startsWith('/') ? rest : `/${rest}`, authority }
}
