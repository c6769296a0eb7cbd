/** Page of the audit log: which events have a line there, and what it says. */
import { auditedEvents } from '../../src/server/observe/audited-events.ts'
import { eventCalls } from './events.ts'
import { code, codes, page, table } from './markdown.ts'

/** Told beside the details, in members of their own. */
const apart: ReadonlySet<string> = new Set(['realm', 'client_id', 'by'])

/** `audit.md`: event, outcome, what it says, details. */
export function auditPage(): string {
  const calls = Map.groupBy(eventCalls(), ({ name }) => name)
  const rows = Object.entries(auditedEvents).map(([name, { about, failure, of = [name] }]) => {
    const told = of.flatMap((event) => calls.get(event) ?? [])
    const fields = new Set(told.flatMap((call) => call.fields))
    const details = [...fields].filter((field) => !apart.has(field))
    return [code(name), failure === true ? 'failure' : 'success', about, codes(details)]
  })
  return page(
    'Audit log',
    '`auditedEvents` in src/server/observe/audited-events.ts',
    'Where `PARAPET_AUDIT_LOG` names a file, each of these has one line of JSON there: `{"time", "request", "event", "outcome", "realm", "client", "user", "by", "source", "details"}`. `request` is the id of the request during which it happened, `user` the `sub` of whoever acted, `by` the name of whoever changed something, `source` their address; what is not known is left out, and what the server does by itself has no request. `sub` among the details is whom it is about, where that is somebody else. `audit.resumed` says that lines could not be written for a while, and how many are missing.',
    table(['Event', 'Outcome', 'What it says', 'Details'], rows),
  )
}
