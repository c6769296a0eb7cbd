import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

const ranges: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]

const notPublic = new BlockList()
for (const [network, prefix, family] of ranges) notPublic.addSubnet(network, prefix, family)

/**
 * Whether a host name of a URL leads to an address that is not public: loopback, private, link-local,
 * mapped ones included (S-1). Names are resolved; one such address among several is enough.
 */
export async function privateAddress(hostname: string): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return isNotPublic(host)
  const found = await lookup(host, { all: true })
  return found.some(({ address }) => isNotPublic(address))
}

function isNotPublic(address: string): boolean {
  const mapped = /^::ffff:(?:0:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped !== null) return isNotPublic(mapped[1] as string)
  return notPublic.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
