import { BlockList, isIP } from 'node:net'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What trusted proxies say of the request as they received it. */
export interface Forwarded {
  /** The client's address, as far as the chain of trusted proxies reaches. */
  readonly peer: string
  readonly host: string | undefined
  readonly proto: string | undefined
}

/** Whether an address is one of the given addresses and networks (`10.0.0.0/8`). */
export function networks(list: readonly string[]): (address: string) => boolean {
  const blocks = new BlockList()
  for (const entry of list) {
    const [address = '', length] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (length === undefined) blocks.addAddress(address, family)
    else blocks.addSubnet(address, Number(length), family)
  }
  return (address) => {
    const family = isIP(address)
    return family !== 0 && blocks.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }
}

/** An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) as what it is. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/**
 * Reads RFC 7239 `Forwarded` and the `X-Forwarded-` family of a request that came from a trusted
 * proxy. A proxy sets one family and may pass the client's own other one on: where both speak of
 * the same thing and differ, the answer is undefined and the request is refused.
 */
export function readForwarded(
  headers: Headers,
  address: string,
  trusted: (address: string) => boolean,
): Forwarded | undefined {
  const elements = listed(headers.forwarded).map(readElement)
  const last = elements.at(-1)
  const chain = listed(headers['x-forwarded-for']).map(nodeAddress)
  const peer = agreed(
    chain.length > 0 ? client(chain, address, trusted) : undefined,
    elements.some((element) => element.has('for'))
      ? client(
          elements.map((element) => nodeAddress(element.get('for') ?? '')),
          address,
          trusted,
        )
      : undefined,
  )
  const host = agreed(listed(headers['x-forwarded-host']).at(-1), last?.get('host'))
  const proto = agreed(listed(headers['x-forwarded-proto']).at(-1), last?.get('proto'))
  if (peer === differ || host === differ || proto === differ) return undefined
  return { peer: peer ?? address, host: host?.toLowerCase(), proto: proto?.toLowerCase() }
}

const differ = Symbol('differ')

function agreed(a: string | undefined, b: string | undefined): string | undefined | typeof differ {
  if (a === undefined || b === undefined) return a ?? b
  return a.toLowerCase() === b.toLowerCase() ? a : differ
}

/** The last address that is no trusted proxy, read from the end, where the nearest proxy wrote. */
function client(
  chain: readonly (string | undefined)[],
  address: string,
  trusted: (address: string) => boolean,
): string {
  let peer = address
  for (let i = chain.length - 1; i >= 0 && trusted(peer); i--) {
    const next = chain[i]
    if (next === undefined) break
    peer = next
  }
  return peer
}

/** Entries of a comma list. */
function listed(value: string | string[] | undefined): readonly string[] {
  return split(typeof value === 'string' ? value : (value?.join(',') ?? ''), ',')
}

/** RFC 7239 §4: pairs of a forwarded-element, names in lower case. */
function readElement(element: string): ReadonlyMap<string, string> {
  return new Map(
    split(element, ';').map((pair) => {
      const equals = pair.indexOf('=')
      const value = pair.slice(equals + 1)
      const quoted = value.length > 1 && value.startsWith('"') && value.endsWith('"')
      return [
        pair.slice(0, Math.max(0, equals)).toLowerCase(),
        quoted ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value,
      ]
    }),
  )
}

/** Parts between separators that stand in no quoted string (RFC 9110 §5.6.4), in one walk. */
function split(text: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (quoted && character === '\\') i++
    else if (character === '"') quoted = !quoted
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, i).trim())
      start = i + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts.filter((part) => part !== '')
}

/** The IP address of a node (RFC 7239 §6), brackets and port removed; undefined for other names. */
function nodeAddress(node: string): string | undefined {
  const text = /^\[([^\]]+)\](?::\w+)?$/.exec(node)?.[1] ?? node.replace(/^([^:]*):\w+$/, '$1')
  return isIP(text) === 0 ? undefined : plainAddress(text)
}
