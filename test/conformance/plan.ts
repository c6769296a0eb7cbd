/** Runs plans, module by module. */
import type { PlanFile, PlanRow } from './file.ts'
import { type Ending, type PlanResult, passed } from './progress.ts'
import type { Outcome, PlanModule, Suite } from './suite.ts'

export interface Running {
  readonly suite: Suite
  /** Only modules with this in their name. */
  readonly only: string | undefined
  readonly print: (line: string) => void
  /** Before a plan: the realm's settings. */
  readonly prepare: (row: PlanRow) => Promise<void>
  /** What a module waits for that stands at its start: new signing keys. */
  readonly act: () => Promise<void>
  /** Told of each plan that was run whole. */
  readonly keep: (plan: string, tally: Tally) => void
}

export type Tally = Omit<PlanResult, 'commit' | 'date' | 'suite'>

/** What a process ends with: 1 if a module failed, warned or did not end, 2 if there was none. */
export async function runPlans(
  { plans }: Pick<PlanFile, 'plans'>,
  names: readonly string[],
  running: Running,
): Promise<0 | 1 | 2> {
  const failed: string[] = []
  let modules = 0
  for (const name of names) {
    const row = plans[name]
    if (row === undefined) throw new Error(`no plan ${name}`)
    await running.prepare(row)
    const tally = await runPlan(running, name, row)
    modules += tally.modules
    if (!passed(tally)) failed.push(name)
    if (running.only === undefined) running.keep(name, tally)
  }
  if (failed.length > 0) running.print(`\nnot passed: ${failed.join(', ')}`)
  if (modules === 0) running.print(`no module has ${running.only} in its name`)
  return failed.length > 0 ? 1 : modules === 0 ? 2 : 0
}

/** Prints a row for each module as it ends. */
async function runPlan(running: Running, name: string, row: PlanRow): Promise<Tally> {
  const { suite, only, act, print } = running
  const plan = await suite.createPlan(row.plan, row.variant, row.config)
  const { without = {} } = row
  const modules = plan.modules.filter(
    ({ testModule }) => testModule.includes(only ?? '') && !Object.hasOwn(without, testModule),
  )
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
  const { plan: of, variant = {} } = row
  return { plan: of, variant, modules: modules.length, counts, excused, without }
}

const endings: readonly Ending[] = ['PASSED', 'REVIEW', 'SKIPPED', 'WARNING', 'FAILED']

function endingOf({ status, result, excused }: Outcome): Ending {
  if (status === 'INTERRUPTED') return 'FAILED'
  if (status === 'FINISHED' && excused.length > 0) return 'EXCUSED'
  const known = endings.find((ending) => ending === result)
  return status === 'FINISHED' && known !== undefined ? known : 'UNFINISHED'
}

function rowOf({ testModule, variant }: PlanModule, ending: Ending, outcome: Outcome): string {
  const complaints = ending === 'PASSED' ? [] : outcome.complaints
  const why = complaints.map((each) => `<br>${each.replaceAll('|', '\\|')}`).join('')
  return `| [${testModule}](${outcome.page}) | ${Object.values(variant ?? {}).join(', ')} | ${ending}${why} |`
}
