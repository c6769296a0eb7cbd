import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { delay } from '../time.ts'
import { localAddresses } from './hosts.ts'

/** Milliseconds a name server has before the next one is asked, and before the first is asked again. */
const patience = { timeout: 500, tries: 2 } as const

/** Milliseconds that addresses of one family wait for those of the other (RFC 8305 §3 waits 50). */
const grace = 200

/**
 * The addresses of a URL's host. Name servers are asked by this process itself: `getaddrinfo` would hold
 * one of the few threads that password hashing and files share until a server that does not answer was
 * given up, and nothing takes that thread back.
 *
 * @param servers `address:port` of those to ask; the machine's own unless given.
 */
export async function resolveHost(
  host: string,
  ended: AbortSignal,
  servers?: readonly string[],
): Promise<readonly string[]> {
  const literal = host.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0) return [literal]
  const local = localAddresses(host)
  if (local.length > 0) return local
  const resolver = new Resolver(patience)
  if (servers !== undefined) resolver.setServers(servers)
  ended.addEventListener('abort', () => resolver.cancel(), { once: true })
  const found = await both(resolver, host)
  if (found.length === 0) throw new Error('the name leads to no address')
  return found
}

/** A server that answers for one family only must not make the other wait. */
async function both(resolver: Resolver, name: string): Promise<readonly string[]> {
  const found: string[] = []
  const keep = (addresses: readonly string[]): void => {
    found.push(...addresses)
  }
  const asked = [resolver.resolve4(name).then(keep), resolver.resolve6(name).then(keep)]
  const settled = Promise.allSettled(asked)
  const first = Promise.any(asked).then(
    () => delay(grace, false),
    () => settled,
  )
  await Promise.race([settled, first])
  return [...found]
}
