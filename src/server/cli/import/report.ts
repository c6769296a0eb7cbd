import type { Report } from '../../../import/report.ts'

/** What came of an import, for a program. */
export function reportJson({ dryRun, counts, missing, refused }: Report): string {
  const objects = Object.fromEntries(counts)
  return `${JSON.stringify({ dryRun, objects, refused, missing }, undefined, 2)}\n`
}

/** The same for a person. */
export function reportText({ dryRun, counts, missing, refused }: Report): string {
  const lines = [...counts].map(([kind, { created, changed, same, refused: not }]) => {
    const verb = dryRun ? 'would be ' : ''
    const parts = [`${created} ${verb}created`, `${changed} ${verb}changed`, `${same} as they are`]
    if (not > 0) parts.push(`${not} refused`)
    return `${kind}: ${parts.join(', ')}`
  })
  if (lines.length === 0) lines.push('nothing was found that can be brought in')
  if (refused.length > 0) lines.push('', 'refused:')
  for (const { kind, where, problems } of refused)
    lines.push(`  ${kind} ${where}`, ...problems.map((problem) => `    ${problem}`))
  if (missing.length > 0) lines.push('', 'without a counterpart here:')
  for (const { kind, attribute, why, count, examples } of missing) {
    const times = count === 1 ? '' : ` (${count} times)`
    const reason = why === undefined ? '' : ` ${why}`
    const others = examples.filter((each) => each !== attribute)
    const such = others.length === 0 ? '' : `, such as ${others.join(', ')}`
    lines.push(`  ${kind}: ${attribute}${reason}${times}${such}`)
  }
  return `${lines.map(oneLine).join('\n')}\n`
}

/** Names come from a foreign file: none of them is to move a cursor, or to fill a screen. */
function oneLine(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, '?')
  return plain.length > 400 ? `${plain.slice(0, 400)}…` : plain
}
