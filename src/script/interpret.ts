import { readdirSync, readFileSync } from 'node:fs'
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core'
import { computed, monotonic } from '../base/time.ts'
import { described, reserved } from './described.ts'
import { machine } from './machine.ts'
import type { Job } from './message.ts'

/** What a script reaches of the thread around it. */
export interface Outside {
  /** @throws Error what the script may catch */
  ask(number: number, name: string, args: string, most: number): string
  log(level: string, text: string): void
}

export type Interpreted =
  | { readonly kind: 'end'; readonly result: string }
  | { readonly kind: 'failed'; readonly reason: string }

const folder = new URL('prelude/', import.meta.url)

/** What every script finds: plain JavaScript that only ever runs inside the interpreter. */
const preludes: ReadonlyMap<string, string> = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
)

/** Pending promises that are gone on with once the script is through; no script of a login has that many. */
const mostJobs = 1000

/** A run of a script while it lasts. */
interface Run {
  readonly context: QuickJSContext
  readonly job: Job
  readonly started: number
  /** Processor time of the thread at which the script has computed for too long, and whether it has. */
  readonly spent: { until: number; over: boolean }
  /** Memory that is given back when the script fails. */
  readonly reserve: QuickJSHandle
  /** Values of the interpreter that are let go of at the end. */
  readonly held: QuickJSHandle[]
}

/** Runs one script from its first line to its end. `whole`: the interpreter can be used once more. */
export function interpret(
  quickjs: QuickJSWASMModule,
  job: Job,
  outside: Outside,
): { readonly told: Interpreted; readonly whole: boolean } {
  const { bounds } = job
  const started = monotonic()
  const spent = { until: Number.POSITIVE_INFINITY, over: false }
  const runtime = quickjs.newRuntime({
    memoryLimitBytes: bounds.memory,
    maxStackSizeBytes: bounds.stack,
    interruptHandler: () => {
      spent.over ||= computed() > spent.until
      return spent.over
    },
  })
  const context = runtime.newContext()
  const run: Run = { context, job, started, spent, reserve: reserved(context), held: [] }
  const { broken, ...told } = outcomeOf(run, outside)
  try {
    for (const handle of [...run.held, run.reserve]) if (handle.alive) handle.dispose()
    context.dispose()
    runtime.dispose()
    return { told, whole: broken !== true }
  } catch {
    return { told, whole: false }
  }
}

/** `broken`: the interpreter itself failed. */
function outcomeOf(run: Run, outside: Outside): Interpreted & { readonly broken?: boolean } {
  const { context, job, spent, held } = run
  try {
    give(run, outside)
    context.runtime.setModuleLoader((name) => preludes.get(name) ?? '')
    evaluated(run, preludes.get('start.js') ?? '', 'start.js', 'module')
    // What the prelude is made of could be imported by whoever knows its names.
    context.runtime.setModuleLoader(nothing, nothing)
    const begin = taken(run, '__begin')
    const texts = [job.kind, job.input].map((each) => kept(run, context.newString(each)))
    const finish = opened(run, context.callFunction(begin, context.undefined, texts))
    // Neither the prelude nor what else the machine does is this script’s.
    spent.until = computed() + job.bounds.computing
    const value = evaluated(run, written(job), job.name, 'global')
    const jobs = context.runtime.executePendingJobs(mostJobs)
    if (jobs.error !== undefined) throw failed(run, jobs.error)
    const left = evaluated(run, leftOver, 'end', 'global')
    const end = opened(run, context.callFunction(finish, context.undefined, [left, value]))
    run.reserve.dispose()
    const result = context.getString(end)
    if (result === '') throw new Error('out of memory')
    if (result.length > job.bounds.resultLength) throw new Error('it gives back too much')
    return { kind: 'end', result }
  } catch (error) {
    if (spent.over) return { kind: 'failed', reason: 'it took too long' }
    const { message, constructor } = error as Error
    return { kind: 'failed', reason: message, broken: constructor !== Error }
  } finally {
    held.reverse()
  }
}

/** What the script threw, as an error of this side. */
function failed(run: Run, error: QuickJSHandle): Error {
  const { context, job, reserve } = run
  if (reserve.alive) reserve.dispose()
  const place = { context, name: job.name, most: job.bounds.logLength }
  return new Error(described(place, kept(run, error)))
}

function nothing(): { readonly error: Error } {
  return { error: new Error('a script imports nothing') }
}

function kept(run: Run, handle: QuickJSHandle): QuickJSHandle {
  run.held.push(handle)
  return handle
}

/** What the script left behind under the names that mean something; `typeof` since none of them may be there. */
const leftOver = `[${['outcome', 'action', 'auditEntryDetail', 'config']
  .map((name) => `typeof ${name} === 'undefined' ? undefined : ${name}`)
  .join()}]`

/** Rhino has a loop over values that no other engine knows; what it goes over can be gone over here (`java.js`). */
function written({ source }: Job): string {
  return source.replace(
    /\bfor\s+each\s*\(\s*((?:var|let|const)\s+)?([\w$]+)\s+in\s/g,
    'for ($1$2 of ',
  )
}

function evaluated(
  run: Run,
  source: string,
  name: string,
  type: 'global' | 'module',
): QuickJSHandle {
  return opened(run, run.context.evalCode(source, name, { type }))
}

/** Takes a global away: no script finds it. */
function taken(run: Run, name: string): QuickJSHandle {
  const value = kept(run, run.context.getProp(run.context.global, name))
  evaluated(run, `delete globalThis.${name}`, 'end', 'global')
  return value
}

function opened(run: Run, result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
  if (result.error !== undefined) throw failed(run, result.error)
  return kept(run, result.value)
}

/** Gives the prelude its only ways out: questions, lines of the log, and what a machine computes better. */
function give({ context, job: { bounds }, started }: Run, outside: Outside): void {
  let asked = 0
  let logged = 0
  const ways: Readonly<Record<string, (...texts: string[]) => string>> = {
    __ask(name = '', args = '') {
      asked += 1
      if (asked > bounds.calls) throw new Error(`more than ${bounds.calls} calls of the server`)
      if (args.length > bounds.callLength) throw new Error('too much is sent')
      return outside.ask(asked, name, args, bounds.whole - (monotonic() - started))
    },
    __log(level = '', text = '') {
      logged += text.length + 20
      if (logged <= bounds.logLength) outside.log(level, text)
      return ''
    },
    __machine: (name = '', args = '') => machine(name, args),
  }
  for (const [name, way] of Object.entries(ways)) {
    const fn = context.newFunction(name, (...handles) =>
      context.newString(way(...handles.map((each) => context.getString(each)))),
    )
    context.setProp(context.global, name, fn)
    fn.dispose()
  }
}
