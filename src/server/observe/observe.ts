import type { Endpoint } from '../../endpoint/serve/endpoint.ts'
import type { Store } from '../../store/store.ts'
import type { Settings } from '../settings.ts'
import { listenForMetrics, metricsEndpoint } from './expose.ts'
import { keyAges } from './key-ages.ts'
import { startMetrics } from './metrics.ts'
import type { MetricLimits } from './request-meters.ts'
import { startSpans } from './spans.ts'
import type { MetricValues } from './sum.ts'

/** Whoever watches a server. */
export interface Observers {
  /** What they add to the server's own port. */
  readonly endpoints: readonly Endpoint[]
  /** Where metrics have a port of their own. */
  readonly metrics: string | undefined
  stop(): Promise<void>
}

/**
 * Where several processes serve together: takes how this one's values are read, and gives how the sum over all of them
 * is. A port of its own is somebody else's to open then.
 */
export type SharedMetrics = (own: () => Promise<MetricValues>) => () => Promise<string>

/** Most realms that metrics tell apart. */
const mostRealms = 100

/** What is told apart. */
export function metricLimits(clients: number): MetricLimits {
  return { realms: mostRealms, clients }
}

/** Starts what the settings ask for, and spans where an SDK waits for them. `now` in seconds. */
export async function observe(
  { metrics: place, metricsClients }: Pick<Settings, 'metrics' | 'metricsClients'>,
  settings: Store,
  now: () => number,
  shared?: SharedMetrics,
): Promise<Observers> {
  const endSpans = await startSpans()
  if (place === undefined)
    return { endpoints: [], metrics: undefined, stop: async () => endSpans() }
  const metrics = await startMetrics(metricLimits(metricsClients), () =>
    keyAges(settings, now(), mostRealms),
  )
  const read = shared?.(() => metrics.values()) ?? (() => metrics.read())
  const told = { contentType: metrics.contentType, read }
  const listener =
    'path' in place || shared !== undefined ? undefined : await listenForMetrics(place, told)
  return {
    endpoints: 'path' in place ? [metricsEndpoint(place.path, told)] : [],
    metrics: listener && `${listener.origin}/metrics`,
    async stop() {
      endSpans()
      metrics.stop()
      await listener?.stop(0)
    },
  }
}
