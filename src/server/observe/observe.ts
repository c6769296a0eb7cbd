import type { Endpoint } from '../../endpoint/serve/endpoint.ts'
import type { Store } from '../../store/store.ts'
import type { Settings } from '../settings.ts'
import { listenForMetrics, metricsEndpoint } from './expose.ts'
import { keyAges } from './key-ages.ts'
import { startMetrics } from './metrics.ts'
import { startSpans } from './spans.ts'

/** Whoever watches a server. */
export interface Observers {
  /** What they add to the server's own port. */
  readonly endpoints: readonly Endpoint[]
  /** Where metrics have a port of their own. */
  readonly metrics: string | undefined
  stop(): Promise<void>
}

/** Most realms that metrics tell apart. */
const mostRealms = 100

/** Starts what the settings ask for, and spans where an SDK waits for them. `now` in seconds. */
export async function observe(
  { metrics: place, metricsClients }: Pick<Settings, 'metrics' | 'metricsClients'>,
  settings: Store,
  now: () => number,
): Promise<Observers> {
  const endSpans = await startSpans()
  if (place === undefined)
    return { endpoints: [], metrics: undefined, stop: async () => endSpans() }
  const limits = { realms: mostRealms, clients: metricsClients }
  const metrics = await startMetrics(limits, () => keyAges(settings, now(), mostRealms))
  const listener = 'path' in place ? undefined : await listenForMetrics(place, metrics)
  return {
    endpoints: 'path' in place ? [metricsEndpoint(place.path, metrics)] : [],
    metrics: listener && `${listener.origin}/metrics`,
    async stop() {
      endSpans()
      metrics.stop()
      await listener?.stop(0)
    },
  }
}
