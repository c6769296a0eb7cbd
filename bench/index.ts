/**
 * `npm run bench`: every part, or those that are named: cpu, latency, logins, journeys, records, users, memory, import, stores, durable,
 * endurance, start, workers, admission, told, proofs. Numbers
 * are the rounds of measurements taken in turns (5 if not given) and the pushes of each (10,000); of endurance they are
 * its parts (10) and the pushes of each (1,000,000), and it knows `store=` and `progress=<file>` beside them.
 * `against=<commit>` measures this tree and that commit in turns, and nothing else. Prints Markdown. What is not as it has to
 * be is said at the end, and the exit status is 1 then.
 */
import { admission } from './admission.ts'
import { against } from './against.ts'
import { cpu } from './cpu.ts'
import { durable } from './durable.ts'
import { endurance } from './endurance/endurance.ts'
import { evenness } from './evenness.ts'
import { imports } from './import.ts'
import { journeys } from './journeys.ts'
import { latency } from './latency.ts'
import { logins } from './logins.ts'
import { memory } from './memory.ts'
import { proofs } from './proofs.ts'
import { records } from './records.ts'
import { start } from './start.ts'
import { stores } from './stores.ts'
import { told } from './told.ts'
import { users } from './users.ts'
import { workers } from './workers.ts'
import { writerOfRun } from './writer.ts'

const parts = {
  start,
  workers,
  cpu,
  latency,
  logins,
  journeys,
  records,
  users,
  memory,
  import: imports,
  stores,
  durable,
  endurance,
  admission,
  told,
  proofs,
} as const
type Part = keyof typeof parts

// Whoever stops it leaves no servers behind: these are ended when this process exits.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1))
const words = process.argv.slice(2)
const options = new Map(
  words.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]),
)
const amount = words.filter((word) => /^\d+$/.test(word)).map(Number)
const named = words.filter((word) => !/^\d+$|=/.test(word))
const unknown = [
  ...named.filter((word) => !Object.hasOwn(parts, word)),
  ...[...options.keys()].filter((name) => !['against', 'store', 'progress'].includes(name)),
]
if (unknown.length > 0) {
  process.stderr.write(
    `bench: no part is called ${unknown.join()}: ${Object.keys(parts).join(', ')}\n`,
  )
  process.exit(1)
}
process.stdout.write(
  `Node ${process.version}\n\nSQLite’s writes: ${writerOfRun()}\n\n${await evenness()}\n`,
)
const other = options.get('against')
if (other !== undefined) {
  const [rounds = 40, perTurn = 500] = amount
  process.stdout.write(`\n${await against(other, { rounds, perTurn })}\n`)
  process.exit(0)
}
/** Not among all: `endurance` alone takes as long as the others together. */
const usual = Object.keys(parts).filter((part) => part !== 'endurance')
const chosen = (named.length > 0 ? named : usual) as Part[]
for (const part of chosen) {
  const long = part === 'endurance'
  const [rounds = long ? 10 : 5, perTurn = long ? 1_000_000 : 10_000] = amount
  const given = { store: options.get('store'), progress: options.get('progress') }
  const report = await parts[part]({ rounds, perTurn, ...given })
  const { text, wrong } = typeof report === 'string' ? { text: report, wrong: [] } : report
  process.stdout.write(`\n${text}\n`)
  for (const each of wrong) process.stderr.write(`✖ ${part}: ${each}\n`)
  if (wrong.length > 0) process.exitCode = 1
}
