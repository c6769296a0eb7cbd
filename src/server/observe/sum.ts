/** What a process has measured, as it travels to the one that sums up: an entry for each metric. */
export type MetricValues = readonly Readonly<Record<string, unknown>>[]

/**
 * The sum of what several processes have measured, as values again: what is counted is added up, and of what is as it
 * is at the moment each metric says itself what becomes of several.
 */
export async function summed(all: readonly MetricValues[]): Promise<MetricValues> {
  const { AggregatorRegistry } = await import('prom-client')
  return valuesOf(AggregatorRegistry.aggregate(all as object[]))
}

/** The same as Prometheus reads it. */
export async function summedText(all: readonly MetricValues[]): Promise<string> {
  const { AggregatorRegistry } = await import('prom-client')
  return AggregatorRegistry.aggregate(all as object[]).metrics()
}

interface Valued {
  getMetricsAsJSON(): Promise<object[]>
}

/** What a registry holds. */
export async function valuesOf(registry: Valued): Promise<MetricValues> {
  return (await registry.getMetricsAsJSON()) as unknown as MetricValues
}

/** What only ever grows: it counts on when the process that counted it is gone. */
export function counts(values: MetricValues): MetricValues {
  return values.filter(({ type }) => type === 'counter' || type === 'histogram')
}
