import { BlockList, isIP } from 'node:net'

/**
 * IANA's special-purpose registry of IPv4, multicast and the networks kept for later. Those in it that can
 * be reached from everywhere (anycast of AS112 and AMT) are among them: no client's server stands there,
 * and whatever answers may be this network's own.
 */
const ranges4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // In no registry: Azure's name and metadata server, which every machine there reaches under it.
  '168.63.129.16/32',
]

/** Of IPv6 all but global unicast, so that mapped and translated IPv4 is among them; and its exceptions. */
const ranges6 = [
  '::/3',
  // RFC 2928, protocols of the IETF: Teredo, benchmarks, ORCHID and what else is in the registry.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
  '4000::/2',
  '8000::/1',
]

// Two lists: a range of one that holds mapped IPv4 would count for IPv4 itself.
const notPublic4 = blockList(ranges4, 'ipv4')
const notPublic6 = blockList(ranges6, 'ipv6')

function blockList(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

/** Whether an IP address, written without brackets, is one of the public internet (S-1). */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false
  switch (isIP(address)) {
    case 4:
      return !notPublic4.check(address, 'ipv4')
    case 6:
      return !notPublic6.check(address, 'ipv6')
    default:
      return false
  }
}
