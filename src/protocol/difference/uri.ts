/**
 * difference: in which way what was sent differs from what it should be. Pure, only for refusals, and no
 * value that was sent stands in what is said.
 */

type Part = readonly [says: string, of: (url: URL) => string]

const parts: readonly Part[] = [
  ['its scheme', ({ protocol }) => protocol],
  ['its user part', ({ username, password }) => `${username}:${password}`],
  ['its host', ({ hostname }) => hostname],
  ['its port', ({ port }) => port],
  ['its path', ({ pathname }) => pathname],
  ['its query', ({ search }) => search],
  ['its fragment', ({ hash }) => hash],
]

/** In which way a URI differs from the one of these that is most like it. */
export function uriDifference(sent: string, wanted: readonly string[]): string {
  if (wanted.length === 0) return 'in that there is none to compare it with'
  const url = URL.parse(sent)
  if (url === null) return 'in that it is no absolute URI'
  const found = wanted.map((uri) => differences(sent, url, uri))
  const least = found.reduce((best, each) => (each.length < best.length ? each : best))
  return `in ${least.join(' and ')}`
}

function differences(sent: string, url: URL, uri: string): readonly string[] {
  if (sent.toLowerCase() === uri.toLowerCase()) return ['upper and lower case']
  const other = URL.parse(uri)
  if (other === null) return parts.map(([says]) => says)
  const unlike = parts.filter(([, of]) => of(url) !== of(other)).map(([says]) => says)
  if (unlike.length === 0) return ['how it is written']
  return unlike.map((says) => (says === 'its path' ? pathDifference(url, other) : says))
}

function pathDifference({ pathname: sent }: URL, { pathname: wanted }: URL): string {
  if (sent === `${wanted}/` || wanted === `${sent}/`) return 'its trailing slash'
  if (sent.toLowerCase() === wanted.toLowerCase()) return 'upper and lower case of its path'
  return 'its path'
}
