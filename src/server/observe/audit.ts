import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Serve } from '../../base/http.ts'
import type { Event } from '../../base/log.ts'
import { timestamp } from '../../base/time.ts'
import { traced } from '../../base/trace.ts'
import { outcome } from '../../endpoint/serve/answer.ts'
import type { Settings } from '../settings.ts'
import { refusal } from '../write.ts'
import { type AuditFile, auditFile } from './audit-file.ts'
import { type Audited, auditedEvents } from './audited-events.ts'
import { jsonDetails, memberNamed, quoted } from './json-line.ts'

/** The audit log of a process. */
export interface Audit {
  /** Answers as ever; where that is asked for, nothing (503) while no line can be written. */
  guarded(serve: Serve): Serve
  /** Writes what waits. */
  end(): Promise<void>
}

/**
 * Begins the audit log, if the settings name one: one line for each event of `auditedEvents`.
 *
 * @throws Error that says what to do when it cannot be opened.
 */
export function startAudit({
  auditLog,
  auditStrict,
}: Pick<Settings, 'auditLog' | 'auditStrict'>): Audit {
  if (auditLog === undefined) return { guarded: (serve) => serve, end: async () => undefined }
  const file = openedFile(auditLog)
  const listener = (message: unknown): void => {
    const event = message as Event
    for (const [name, row] of audited.get(event.name) ?? [])
      if (row.when?.(event.fields) !== false) file.write(lineOf(event, name, row))
  }
  subscribe('parapet', listener)
  const reopen = (): void => file.reopen()
  // Nothing is opened anew of standard output: there the signal means what it ever means.
  if (auditLog !== '-') process.on('SIGHUP', reopen)
  return {
    guarded: (serve) => (auditStrict === 'on' ? guardedBy(file, serve) : serve),
    end() {
      unsubscribe('parapet', listener)
      process.off('SIGHUP', reopen)
      return file.end()
    },
  }
}

/** The gap that a failure left: how many lines are not there. */
const resumed: Audited = { about: '', failure: true }

type Named = readonly [name: string, row: Audited]

/** By the events that the log has. */
const audited = new Map<string, Named[]>()
for (const row of [...Object.entries(auditedEvents), ['audit.resumed', resumed] as const])
  for (const event of row[1].of ?? [row[0]])
    audited.set(event, [...(audited.get(event) ?? []), row])

function openedFile(path: string): AuditFile {
  try {
    return auditFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'ELOOP'
        ? 'is a symbolic link, which is not followed: name the file itself, or - for standard output'
        : `cannot be written (${code})`
    throw new Error(`the audit log ${path} ${why}: see PARAPET_AUDIT_LOG`, { cause: error })
  }
}

/** Who is acting is told apart from whom it is about, where those are two. */
function lineOf({ fields, trace }: Event, name: string, { failure }: Audited): string {
  const { realm = trace?.realm, client_id = trace?.client, by, sub } = fields
  const user = trace?.user ?? sub
  const request = trace === undefined ? '' : `,"request":"${trace.id}"`
  const outcome = failure === true ? 'failure' : 'success'
  const where = member.realm(realm) + member.client(client_id)
  const who = member.user(user) + member.by(by) + member.source(trace?.peer)
  const about = sub === user ? '' : member.sub(sub)
  const more = jsonDetails(fields)
  const details = more === '' ? about.slice(1) : more + about
  return `{"time":"${timestamp()}"${request},"event":${quoted(name)},"outcome":"${outcome}"${where}${who},"details":{${details}}}\n`
}

const member = {
  realm: memberNamed('realm'),
  client: memberNamed('client'),
  user: memberNamed('user'),
  by: memberNamed('by'),
  source: memberNamed('source'),
  sub: memberNamed('sub'),
}

/** Whether the process lives is no matter of the audit log: nobody gains by ending it. */
const liveness = '/am/json/health/live'

function guardedBy(file: AuditFile, serve: Serve): Serve {
  return (http) => {
    if (!file.failing() || http.path === liveness) return serve(http)
    const { trace } = http
    trace.refusal = { code: 'temporarily_unavailable', reason: 'the audit log cannot be written' }
    traced(trace, () => outcome(trace, 503))
    return refusal(503)
  }
}
