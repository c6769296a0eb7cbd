/** The page of the reasons why a request is refused. */
import type { ReasonName } from '../../src/protocol/reason/index.ts'
import { reasons } from '../../src/protocol/reason/index.ts'
import type { Reason } from '../../src/protocol/reason/reason.ts'
import { code, codes, page, table } from './markdown.ts'
import { endpointsOfReasons } from './reason-endpoints.ts'

/** `reasons.md`: one line for each row. */
export function reasonsPage(): string {
  const endpoints = endpointsOfReasons()
  const rows = Object.entries<Reason>(reasons).map(([name, row]) => [
    code(name),
    row.says,
    row.section,
    row.rule ?? '',
    codes(row.codes),
    (endpoints.get(name as ReasonName) ?? [])
      .map((path) => (path === '*' ? 'all' : code(path)))
      .join(' '),
  ])
  return page(
    'Reasons',
    'src/protocol/reason',
    'Why a push, a visit to the authorization endpoint or a token request is refused. The client sees the code and its public text; the reason stands in the `request` event as `why`, and in what `explain` tells. Rules are explained in [rules](rules.md), where each place of the source is stands in [checks](checks.md). Endpoints are followed from `handle` through the source by names, so one may stand there that shares the code and never comes so far; those of administration and login share some of these too, and are not listed.',
    table(['Reason', 'What does not hold', 'From', 'Rule', 'Codes', 'Endpoints'], rows),
  )
}
