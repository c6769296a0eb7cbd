/* How a server listens, by its settings and for its realms. */
import { whenReady } from './base/ready.ts'
import type { Clock } from './base/time.ts'
import type { Realms } from './realm/realms.ts'
import { asksCertificates, vouchedBy } from './server/client-certificates.ts'
import type { ListenOptions } from './server/node.ts'
import { probes } from './server/probes.ts'
import type { Settings } from './server/settings.ts'

/** The scheme that a server with these settings speaks itself. */
export function schemeOf({ tlsCert }: Settings): string {
  return tlsCert === undefined ? 'http' : 'https'
}

/** Where and for whom the settings want it to listen. */
export function listenOptions(settings: Settings, realms: Realms, timeOfDay: Clock): ListenOptions {
  return {
    host: settings.host,
    port: settings.port,
    baseUrls: [...(settings.baseUrls ?? []), ...(settings.mtlsUrl ? [settings.mtlsUrl] : [])],
    trustedProxies: settings.trustedProxies ?? [],
    tls: tlsOf(settings),
    askCertificates: asksCertificates(settings),
    vouched: vouchedBy(settings, timeOfDay),
    connectionsPerAddress: settings.connectionsPerAddress,
    stopDelay: settings.stopDelay * 1000,
    alias: (host) => whenReady(realms.aliasOf(host), (path) => path !== undefined),
    anyHost: probes,
  }
}

function tlsOf({
  tlsCert,
  tlsKey,
}: Settings): { readonly cert: string; readonly key: string } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined
  return { cert: tlsCert, key: tlsKey }
}
