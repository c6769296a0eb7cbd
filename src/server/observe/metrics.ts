import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { CommitMade } from '../../store/queue.ts'
import { commitsChannel } from '../../store/queue.ts'
import { type MetricLimits, requestMeters } from './request-meters.ts'
import { type MetricValues, valuesOf } from './sum.ts'

/** What is measured, and how it ends. */
export interface Metrics {
  /** Media type of what `read` gives: the exposition format of Prometheus. */
  readonly contentType: string
  read(): Promise<string>
  /** For a process that sums up what several have measured. */
  values(): Promise<MetricValues>
  stop(): void
}

/** The age of the key in use of a family, in seconds. */
export interface KeyAge {
  readonly realm: string
  readonly family: string
  readonly age: number
}

/**
 * Counts from now on what requests tell of themselves (`base/trace.ts`), what goes wrong, and how the
 * store writes. Where nobody asked for it nothing is counted, and the library is not even loaded.
 */
export async function startMetrics(
  limits: MetricLimits,
  keyAges: () => Promise<readonly KeyAge[]>,
): Promise<Metrics> {
  const library = await import('prom-client')
  const registry = new library.Registry()
  library.collectDefaultMetrics({ register: registry })
  keyMeter(library, registry, keyAges)
  const listeners = [
    ['parapet', requestMeters(library, registry, limits)],
    [commitsChannel, commitMeters(library, registry)],
  ] as const
  for (const [channel, listener] of listeners) subscribe(channel, listener)
  return {
    contentType: registry.contentType,
    read: () => registry.metrics(),
    values: () => valuesOf(registry),
    stop() {
      for (const [channel, listener] of listeners) unsubscribe(channel, listener)
      registry.clear()
    },
  }
}

type Library = typeof import('prom-client')
type Registry = InstanceType<Library['Registry']>

/** Looked up when somebody reads. */
function keyMeter(
  { Gauge }: Library,
  registry: Registry,
  keyAges: () => Promise<readonly KeyAge[]>,
): void {
  const gauge = new Gauge({
    name: 'parapet_key_age_seconds',
    help: 'Age of the key in use, by realm and family.',
    labelNames: ['realm', 'family'],
    // The same for all processes that serve one store.
    aggregator: 'max',
    registers: [registry],
    async collect() {
      const ages = await keyAges()
      gauge.reset()
      for (const { realm, family, age } of ages) gauge.set({ realm, family }, age)
    },
  })
}

function commitMeters(
  { Counter, Histogram }: Library,
  registry: Registry,
): (message: unknown) => void {
  const registers = [registry]
  const duration = new Histogram({
    name: 'parapet_store_commit_seconds',
    help: 'Time a commit of the store takes until it is durable.',
    buckets: [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 3],
    registers,
  })
  const size = new Histogram({
    name: 'parapet_store_commit_writes',
    help: 'Writes that one commit holds.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  })
  const failed = new Counter({
    name: 'parapet_store_commits_failed_total',
    help: 'Commits of which nothing was written.',
    registers,
  })
  return (message) => {
    const { writes, ms, made } = message as CommitMade
    if (!made) failed.inc()
    duration.observe(ms / 1000)
    size.observe(writes)
  }
}
