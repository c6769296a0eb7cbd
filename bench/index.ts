/**
 * `npm run bench`: every part, or those that are named: cpu, latency, logins, records, users, memory, import, stores, durable, endurance,
 * start, workers, admission, told. Numbers
 * are the rounds of measurements taken in turns (5 if not given) and the pushes of each (10,000).
 * `against=<commit>` measures this tree and that commit in turns, and nothing else. Prints Markdown.
 */
import { admission } from './admission.ts'
import { against } from './against.ts'
import { cpu } from './cpu.ts'
import { durable } from './durable.ts'
import { endurance } from './endurance.ts'
import { imports } from './import.ts'
import { latency } from './latency.ts'
import { logins } from './logins.ts'
import { memory } from './memory.ts'
import { records } from './records.ts'
import { start } from './start.ts'
import { stores } from './stores.ts'
import { told } from './told.ts'
import { users } from './users.ts'
import { workers } from './workers.ts'

const parts = {
  start,
  workers,
  cpu,
  latency,
  logins,
  records,
  users,
  memory,
  import: imports,
  stores,
  durable,
  endurance,
  admission,
  told,
} as const
type Part = keyof typeof parts

const words = process.argv.slice(2)
const other = words.find((word) => word.startsWith('against='))?.slice('against='.length)
const amount = words.filter((word) => /^\d+$/.test(word)).map(Number)
const named = words.filter((word) => !/^(?:\d+$|against=)/.test(word))
const unknown = named.find((word) => !Object.hasOwn(parts, word))
if (unknown !== undefined) {
  process.stderr.write(`bench: no part is called ${unknown}: ${Object.keys(parts).join(', ')}\n`)
  process.exit(1)
}
process.stdout.write(`Node ${process.version}\n`)
if (other !== undefined) {
  const [rounds = 40, perTurn = 500] = amount
  process.stdout.write(`\n${await against(other, { rounds, perTurn })}\n`)
  process.exit(0)
}
/** Not among all: `endurance` alone takes as long as the others together. */
const usual = Object.keys(parts).filter((part) => part !== 'endurance')
const chosen = (named.length > 0 ? named : usual) as Part[]
const [rounds = 5, perTurn = 10_000] = amount
for (const part of chosen) {
  process.stdout.write(`\n${await parts[part]({ rounds, perTurn })}\n`)
}
