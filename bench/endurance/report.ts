import { table } from '../figures.ts'
import { judge, type Life, type Part, percent } from './verdict.ts'

const head = [
  'pushes so far',
  'µs a push',
  'µs of sweeping',
  'MB of the store',
  'all ended: MB resident',
  'MB of the store',
  'records left',
  'dead rows',
]

export function cellsOf(part: Part): readonly string[] {
  const { pushes, push, sweep, full, resident, bytes, records, dead } = part
  const megabytes = [full, resident, bytes].map((each) => (each / 1e6).toFixed(1))
  return [
    String(pushes),
    ...[push, sweep].map((each) => each.toFixed(1)),
    ...megabytes,
    ...[records, dead].map(String),
  ]
}

/** What is printed of a life, whether it could be judged, and what is wrong. */
export function report(life: Life): {
  readonly text: string
  readonly judged: boolean
  readonly wrong: readonly string[]
} {
  const judged = judge(life)
  const lines = [table(head, life.parts.map(cellsOf))]
  if (judged === undefined) lines.push('Too few parts of one life to judge.')
  else {
    const { cost, growth, stayed } = judged
    const beside = life.worn === undefined ? 'early ones' : 'pushes at a new server, in turns'
    lines.push(
      `Late pushes cost ${cost.toFixed(2)} of ${beside}; from first to last the server’s memory grew by ${percent(growth.resident)} and the store by ${percent(growth.full)}; ${stayed.toFixed(2)} records stayed of each thousand pushes.`,
    )
  }
  return {
    text: lines.join('\n\n'),
    judged: judged !== undefined,
    wrong: judged?.wrong ?? [],
  }
}
