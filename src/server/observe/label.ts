/**
 * Values of a label as long as there are few: the first `most` that come are told apart, the rest is
 * `other`. Each value is a row in every monitoring system that reads the metrics.
 */
export function fewValues(most: number): (value: string) => string {
  const seen = new Set<string>()
  return (value) => {
    if (seen.has(value)) return value
    if (seen.size >= most) return 'other'
    seen.add(value)
    return value
  }
}
