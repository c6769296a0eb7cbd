/** Runs one plan, module by module. */
import type { PlanRow } from './file.ts'
import type { Ending, PlanResult } from './progress.ts'
import type { Outcome, PlanModule, Suite } from './suite.ts'

export interface Running {
  readonly suite: Suite
  /** Only modules with this in their name. */
  readonly only: string | undefined
  /** What a module waits for that stands at its start: new signing keys. */
  readonly act: () => Promise<void>
  readonly print: (line: string) => void
}

export type Tally = Pick<PlanResult, 'modules' | 'counts' | 'excused'>

/** Prints a row for each module as it ends. */
export async function runPlan(running: Running, name: string, row: PlanRow): Promise<Tally> {
  const { suite, only, act, print } = running
  const plan = await suite.createPlan(row.plan, row.variant, row.config)
  const modules = plan.modules.filter(({ testModule }) => testModule.includes(only ?? ''))
  const counts: Partial<Record<Ending, number>> = {}
  const excused: Record<string, readonly string[]> = {}
  print(`\n## ${name}: ${row.plan} ${JSON.stringify(row.variant ?? {})}\n`)
  print('| module | variant | result |\n|---|---|---|')
  for (const module of modules) {
    const outcome = await suite.run(plan, module, act)
    const ending = endingOf(outcome)
    counts[ending] = (counts[ending] ?? 0) + 1
    if (ending === 'EXCUSED') excused[module.testModule] = outcome.excused
    print(rowOf(module, ending, outcome))
  }
  const sum = Object.entries(counts).map(([ending, count]) => `${count} ${ending}`)
  print(`\n${name}: ${sum.join(', ') || 'no module'}; plan ${plan.id}`)
  return { modules: modules.length, counts, excused }
}

const endings: readonly Ending[] = ['PASSED', 'REVIEW', 'SKIPPED', 'WARNING', 'FAILED']

function endingOf({ status, result, excused }: Outcome): Ending {
  if (status === 'INTERRUPTED') return 'FAILED'
  if (status === 'FINISHED' && excused.length > 0) return 'EXCUSED'
  const known = endings.find((ending) => ending === result)
  return status === 'FINISHED' && known !== undefined ? known : 'UNFINISHED'
}

function rowOf({ testModule, variant = {} }: PlanModule, ending: Ending, outcome: Outcome): string {
  const complaints = ending === 'PASSED' ? [] : outcome.complaints
  const why = complaints.map((each) => `<br>${each.replaceAll('|', '\\|')}`).join('')
  return `| [${testModule}](${outcome.page}) | ${Object.values(variant).join(', ')} | ${ending}${why} |`
}
