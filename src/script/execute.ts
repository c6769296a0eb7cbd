import type { Json, JsonObject } from '../base/json.ts'
import { isObject, parseJson } from '../base/json.ts'
import { event } from '../base/log.ts'
import type { Realm } from '../realm/realm.ts'
import type { Calls } from './calls.ts'
import { acts, sharedCalls } from './calls.ts'
import type { Masking } from './masking.ts'
import { maskingOf } from './masking.ts'
import { poolOf } from './pool.ts'
import { rulesOf } from './rules.ts'
import type { Run } from './run.ts'
import { CallRefused, ScriptFailed, ScriptWouldAct } from './run.ts'
import type { Script } from './script.ts'

/** What a script is run for. */
export interface Execution {
  /** What it finds, and what is told of it at its end: one of `prelude/start.js`. */
  readonly kind: 'decision' | 'configuration' | 'accessToken' | 'claims'
  readonly given: JsonObject
  /** What it may ask beside what every script may. */
  readonly calls?: Calls
  /** Texts that it knows and that no line of the log may hold. */
  readonly secrets?: readonly string[]
  /** Nothing may come of it but what it says. @throws ScriptWouldAct where it asks for more. */
  readonly looking?: true | undefined
}

/** Characters of a line of the log, and of why a script failed. */
const longestLine = 2000
const longestReason = 1000

/** Nesting of what goes in and out. */
const deepest = 40

/** Runs a script; what it left behind, of which nothing but its shape as JSON is known. @throws ScriptFailed */
export async function execute(
  realm: Realm,
  script: Script,
  execution: Execution,
): Promise<JsonObject> {
  const { bounds } = rulesOf(realm)
  const mask = maskingOf(realm, execution.secrets)
  const seen = { acting: false }
  try {
    if (script.language !== 'JAVASCRIPT')
      throw new ScriptFailed(`it is written in ${script.language}, which is not run`)
    const text = await poolOf(bounds).run(runOf(realm, script, execution, mask, seen))
    if (seen.acting) throw new ScriptWouldAct(script.name)
    const result = wholeSigns(text, deepest)
    if (!isObject(result)) throw new ScriptFailed('what it gives back is not well-formed')
    return result
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error
    if (seen.acting) throw new ScriptWouldAct(script.name)
    const reason = mask(error.message).slice(0, longestReason)
    const { id, name } = script
    event('script.failed', { realm: realm.path, script: name, id, reason }, 'warn')
    throw new ScriptFailed(reason, { cause: error })
  }
}

function runOf(
  realm: Realm,
  { id, name, version, source }: Script,
  { kind, given, calls = {}, looking }: Execution,
  mask: Masking,
  seen: { acting: boolean },
): Run {
  const { path } = realm
  const withheld = (asked: string, args: readonly Json[]): boolean => {
    const acting = looking === true && acts(asked, args)
    seen.acting ||= acting
    return acting
  }
  const about = { version, scriptName: name, realm: path, source: loops(source) }
  return {
    ...{ kind, source, by: `${path} ${id}`, realm: path, name: name === '' ? id : name },
    input: JSON.stringify({ ...given, ...about }),
    answer: (asked, args, ended) =>
      answer({ ...sharedCalls(realm, ended), ...calls }, asked, args, withheld),
    log: (level, text) =>
      event(
        'script.log',
        { realm: path, script: name, text: mask(text).slice(0, longestLine) },
        levelOf(level),
      ),
  }
}

/** All that the prelude has to know of the source itself. */
function loops(source: string): string {
  return /\bfor\s+each\b/.test(source) ? 'for each' : ''
}

async function answer(
  calls: Calls,
  name: string,
  args: string,
  withheld: (name: string, args: readonly Json[]) => boolean,
): Promise<string> {
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined
  const values = wholeSigns(args, deepest)
  if (call === undefined || !Array.isArray(values)) throw new CallRefused('nothing can be asked so')
  if (withheld(name, values as readonly Json[])) throw new CallRefused('nothing may come of it yet')
  return JSON.stringify((await call(...(values as readonly Json[]))) ?? null)
}

function levelOf(level: string): 'debug' | 'info' | 'warn' {
  return level === 'info' || level === 'warn' ? level : 'debug'
}

/** Every text in values, however deep. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsIn)
  return isObject(value) ? Object.values(value).flatMap(textsIn) : []
}

/** Where JSON may have a half of a sign: written out it is none, since it came as UTF-8. */
const half = /\\ud[89a-f]/i

/**
 * JSON of a script, with U+FFFD in place of each half of a sign (a lone surrogate), in names too; Java writes `?` there. What
 * others read, in tokens, letters and stores, has whole signs. Undefined where it is malformed, or deeper than `depth`.
 */
function wholeSigns(text: string, depth: number): Json | undefined {
  const value = parseJson(text, depth)
  return value === undefined || !half.test(text) ? value : whole(value)
}

function whole(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return (value as readonly Json[]).map(whole)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name.toWellFormed(), whole(each)]),
  )
}
