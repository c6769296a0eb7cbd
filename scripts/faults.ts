/**
 * `npm run test:faults -- <part> [name=value …]`: the long runs under faults. With `progress=<file>` what was
 * done is kept there, and a run that was stopped goes on. Without a part it says what there is.
 */

import { type Part, parts } from '../test/faults/parts.ts'
import { openProgress } from '../test/faults/progress.ts'

// Whoever stops it leaves no servers behind: these are ended when this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const [name = '', ...rest] = process.argv.slice(2)
const part = Object.hasOwn(parts, name)
  ? (parts as Readonly<Record<string, Part>>)[name]
  : undefined

/** The amounts of a part, with what is given instead. @throws Error that says what is not known. */
function amountsOf({ amounts }: Part): Readonly<Record<string, string>> {
  const given = rest.map((text) => {
    const [key = '', value] = text.split('=')
    if (value === undefined || !(key in amounts || key === 'progress'))
      throw new Error(
        `not known: ${text}; there are ${[...Object.keys(amounts), 'progress'].join(', ')}`,
      )
    return [key, value] as const
  })
  return { ...amounts, ...Object.fromEntries(given) }
}

// What was started ends with this process, and so does whatever was made for it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

if (part === undefined) {
  for (const [each, { about, amounts }] of Object.entries(parts) as [string, Part][]) {
    const given = Object.entries(amounts).map(([key, value]) => `${key}=${value}`)
    console.log(`${each}: ${about}\n  ${given.join(' ')}`)
  }
  process.exitCode = name === '' ? 0 : 2
} else {
  const amounts = amountsOf(part)
  const began = performance.now()
  const { run } = await part.load()
  const wrong = await run(amounts, openProgress(amounts.progress), (line) => console.log(line))
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
  for (const each of wrong) console.error(`✖ ${each}`)
  if (wrong.length > 0) process.exitCode = 1
}
