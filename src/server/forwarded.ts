import { BlockList, isIP } from 'node:net'
import { plainAddress } from '../base/address.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What trusted proxies say of the request as they received it. */
export interface Forwarded {
  /** The client's address, as far as the chain of trusted proxies reaches. */
  readonly peer: string
  readonly host: string | undefined
  readonly proto: string | undefined
  /** That of a host that names none. */
  readonly port: string | undefined
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

/**
 * Reads RFC 7239 `Forwarded` and the `X-Forwarded-` family of a request that came from a trusted
 * proxy. A proxy sets one family and may pass the client's own other one on: where both speak of
 * the same thing and differ, the answer is undefined and the request is refused.
 *
 * Each proxy of a row writes behind what it received. What the outermost trusted one wrote counts, for
 * host, scheme and port as for the client: those further in saw each other, what is before it anybody
 * may have made up. One that does not add to a list but replaces it leaves a shorter one.
 */
export function readForwarded(
  headers: Headers,
  address: string,
  trusted: (address: string) => boolean,
): Forwarded | undefined {
  const elements = listed(headers.forwarded).map(readElement)
  const chain = chainOf(listed(headers['x-forwarded-for']), address, trusted)
  const named = elements.some((element) => element.has('for'))
  const nodes = named ? elements.map((element) => element.get('for') ?? '') : []
  const rfcChain = chainOf(nodes, address, trusted)
  const peer = agreed(chain?.client, rfcChain?.client)
  const proxies = (chain ?? rfcChain)?.proxies ?? 1
  const x = (name: string): string | undefined =>
    listed(headers[`x-forwarded-${name}`]).slice(-proxies)[0]
  const wrote = elements.slice(-(rfcChain ?? chain ?? { proxies: 1 }).proxies)
  const rfc = (name: string): string | undefined =>
    wrote.find((element) => element.has(name))?.get(name)
  const host = agreed(x('host'), rfc('host'))
  const proto = agreed(x('proto'), rfc('proto'))
  if (peer === differ || host === differ || proto === differ) return undefined
  const lower = { host: host?.toLowerCase(), proto: proto?.toLowerCase() }
  return { peer: peer ?? address, ...lower, port: x('port') }
}

const differ = Symbol('differ')

function agreed(a: string | undefined, b: string | undefined): string | undefined | typeof differ {
  if (a === undefined || b === undefined) return a ?? b
  return a.toLowerCase() === b.toLowerCase() ? a : differ
}

interface Chain {
  /** The last address that is no trusted proxy, read from the end, where the nearest proxy wrote. */
  readonly client: string
  /** How many trusted proxies the request came through, the one that is connected among them. */
  readonly proxies: number
}

/** Undefined where nothing is said. */
function chainOf(
  nodes: readonly string[],
  address: string,
  trusted: (address: string) => boolean,
): Chain | undefined {
  if (nodes.length === 0) return undefined
  let client = address
  let proxies = 0
  for (let i = nodes.length - 1; trusted(client); i--) {
    proxies += 1
    const next = nodeAddress(nodes[i] ?? '')
    if (next === undefined) break
    client = next
  }
  return { client, proxies }
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
