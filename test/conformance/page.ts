/** The figures of `docs/conformance.md`, made of what plans came to; nobody writes between its marks by hand. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { known } from './known.ts'
import type { Ending, PlanResult, Results } from './progress.ts'

export const pagePath = join(import.meta.dirname, '../../docs/conformance.md')

const [begin, end] = ['<!-- figures: written by test/conformance/run.ts -->', '<!-- /figures -->']

/** The page with these figures in place of those it has. */
export function withFigures(page: string, results: Results): string {
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`no ${begin} … ${end}`)
  return `${before}${begin}\n\n${figures(results)}\n\n${end}${after}`
}

export function writePage(results: Results): void {
  writeFileSync(pagePath, withFigures(readFileSync(pagePath, 'utf8'), results))
}

const columns: Readonly<Record<string, readonly Ending[]>> = {
  passed: ['PASSED'],
  'to review': ['REVIEW'],
  skipped: ['SKIPPED'],
  'the suite’s own': ['EXCUSED'],
  warned: ['WARNING'],
  failed: ['FAILED', 'UNFINISHED'],
}

function figures(results: Results): string {
  const files = [...new Set(Object.keys(results).map((name) => name.split('/')[0] ?? ''))]
  return [...files.map((file) => tableOf(file, results)), suitesOwn(results)].join('\n\n')
}

function tableOf(file: string, results: Results): string {
  const heads = ['plan', 'variant', 'modules', ...Object.keys(columns), 'commit', 'date', 'suite']
  const rows = Object.entries(results).filter(([name]) => name.startsWith(`${file}/`))
  return [
    `### \`${file}.json\`\n`,
    `| ${heads.join(' | ')} |`,
    `|${'---|'.repeat(heads.length)}`,
    ...rows.map(([name, result]) => rowOf(name.slice(file.length + 1), result)),
    ...rows.flatMap(([name, { without = {} }]) => notRun(name.slice(file.length + 1), without)),
  ].join('\n')
}

function rowOf(name: string, result: PlanResult): string {
  const { plan, variant, modules, counts, commit, date, suite } = result
  const sums = Object.values(columns).map((endings) =>
    endings.reduce((sum, ending) => sum + (counts[ending] ?? 0), 0),
  )
  const cells = [`\`${name}\`: ${plan}`, Object.values(variant).join(', '), modules, ...sums]
  return `| ${[...cells, commit, date, suite].join(' | ')} |`
}

function notRun(plan: string, without: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(without).map(
    ([module, why]) => `\nNot run of \`${plan}\`: \`${module}\`, ${why}.`,
  )
}

/** Warnings that are the suite's own, with where each comes from and which modules told it. */
function suitesOwn(results: Results): string {
  const told = Object.values(results).flatMap(({ excused }) => Object.entries(excused))
  const rows = known.map(({ condition, names, source, why }) => {
    const modules = told.filter(([, conditions]) => conditions.includes(condition))
    const once = [...new Set(modules.map(([module]) => `\`${module}\``))].sort()
    return `| \`${condition}\` of ${names.join(', ')} | ${source} | ${why} | ${once.join(', ') || 'none'} |`
  })
  return `### Warnings that are the suite’s own

| condition | in the suite’s source | which | modules |
|---|---|---|---|
${rows.join('\n')}`
}
