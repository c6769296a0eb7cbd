/** The middle one. */
export function median(figures: readonly number[]): number {
  return percentile(figures, 0.5)
}

/** The figure below which this share of them lies. */
export function percentile(figures: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(figures).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** A table in Markdown. */
export function table(
  head: readonly string[],
  lines: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...lines.map(line)].join('\n')
}
