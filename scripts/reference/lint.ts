/** The page of what a registration and a request are held against by `parapet lint`. */
import { lintProfiles } from '../../src/lint/lint.ts'
import type { Rule } from '../../src/lint/rule.ts'
import { code, page, table } from './markdown.ts'

/** `lint.md`: a table for each profile, one line for each rule. */
export function lintPage(): string {
  const tables = Object.entries(lintProfiles).map(([name, { title, rules }]) => {
    const rows = rules.map(({ id, section, says, looks }: Rule) => [code(id), says, looks, section])
    return `## ${title}: ${code(name)}\n\n${table(['Rule', 'What it asks', 'Looks at', 'Section'], rows)}`
  })
  return page(
    'Lint',
    'src/lint/lint.ts',
    'What `parapet lint` and `…/parapet/lint` hold a realm, a registration and a request against: see [lint](../guide/lint.md).',
    ...tables,
  )
}
