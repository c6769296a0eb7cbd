/** An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) as what it is. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

/** Who an address stands for: an IPv6 one for its /64, which is what one subscriber has. */
export function sourceOf(peer: string): string {
  const address = plainAddress(peer)
  if (!address.includes(':')) return address
  const gap = address.indexOf('::')
  const head = gap < 0 ? address : address.slice(0, gap)
  const groups = head === '' ? [] : head.split(':')
  while (groups.length < 4) groups.push('0')
  return groups.slice(0, 4).join(':')
}
