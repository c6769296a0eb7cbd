/** What plans came to, kept in a file: what a run need not do again, and what the page of figures is made of. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { oneAtATime } from './one-at-a-time.ts'

/** What a whole plan came to. */
export interface PlanResult {
  /** The suite's name of the plan, and in which variant. */
  readonly plan: string
  readonly variant: Readonly<Record<string, string>>
  /** Of the server: what it was run at. */
  readonly commit: string
  /** `2026-11-29` */
  readonly date: string
  readonly suite: string
  readonly modules: number
  /** Modules by how they ended. */
  readonly counts: Readonly<Partial<Record<Ending, number>>>
  /** Conditions of the suite whose warnings are its own, by the module that told them. */
  readonly excused: Readonly<Record<string, readonly string[]>>
  /** Modules that were not run, with why. */
  readonly without?: Readonly<Record<string, string>>
}

/** `EXCUSED`: warned of nothing but what is the suite's own. */
export type Ending =
  | 'PASSED'
  | 'REVIEW'
  | 'SKIPPED'
  | 'EXCUSED'
  | 'WARNING'
  | 'FAILED'
  | 'UNFINISHED'

/** `fapi2/security-private_key_jwt-dpop`: its file and its name there. */
export type Results = Readonly<Record<string, PlanResult>>

const good: readonly Ending[] = ['PASSED', 'REVIEW', 'SKIPPED', 'EXCUSED']

/** No module failed, warned, or was left unfinished. */
export function passed({ modules, counts }: Pick<PlanResult, 'modules' | 'counts'>): boolean {
  return good.reduce((sum, ending) => sum + (counts[ending] ?? 0), 0) === modules
}

export function readResults(path: string): Results {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : {}
}

/** Keeps one more, in the order of names, whatever other runs keep meanwhile; `then` is what is made of them all. */
export function keepResult(
  path: string,
  name: string,
  result: PlanResult,
  then: (all: Results) => void = () => undefined,
): void {
  oneAtATime(() => {
    const all = { ...readResults(path), [name]: result }
    const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
    // Whoever reads meanwhile finds a whole one.
    writeFileSync(`${path}.new`, `${JSON.stringify(sorted, null, 2)}\n`)
    renameSync(`${path}.new`, path)
    then(sorted)
  })
}
