import type { Settings } from './settings.ts'

type Addresses = Pick<Settings, 'host' | 'baseUrls' | 'trustedProxies'>

/**
 * By what others than this machine can reach the server: a host of its own socket or of a base URL, or a
 * proxy whose word for the host is taken, since there is no base URL to choose from. Undefined: by nothing.
 */
export function exposedBy({
  host,
  baseUrls = [],
  trustedProxies = [],
}: Addresses): string | undefined {
  if (baseUrls.length === 0 && trustedProxies.length > 0) return 'PARAPET_TRUSTED_PROXIES'
  const hosts = [host, ...baseUrls.map((url) => new URL(url).hostname)]
  return hosts.find((each) => !isLoopback(each))
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return /^(?:(?:.+\.)?localhost|::1|127(?:\.\d{1,3}){3})$/.test(bare)
}
