import type { Json, JsonObject } from '../base/json.ts'
import { isObject, parseJson, parseJsonObject } from '../base/json.ts'
import { event } from '../base/log.ts'
import type { Realm } from '../realm/realm.ts'
import type { Calls } from './calls.ts'
import { acts, sharedCalls } from './calls.ts'
import { poolOf } from './pool.ts'
import { rulesOf } from './rules.ts'
import type { Run } from './run.ts'
import { CallRefused, ScriptFailed, ScriptWouldAct } from './run.ts'
import type { Script } from './script.ts'

/** What a script is run for. */
export interface Execution {
  /** What it finds, and what is told of it at its end: one of `prelude/start.js`. */
  readonly kind: 'decision' | 'accessToken' | 'claims'
  readonly given: JsonObject
  /** What it may ask beside what every script may. */
  readonly calls?: Calls
  /** Texts that it knows and that no line of the log may hold. */
  readonly secrets?: readonly string[]
  /** Nothing may come of it but what it says. @throws ScriptWouldAct where it asks for more. */
  readonly looking?: true | undefined
}

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
    const result = parseJsonObject(text, deepest)
    if (result === undefined) throw new ScriptFailed('what it gives back is not well-formed')
    return result
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error
    if (seen.acting) throw new ScriptWouldAct(script.name)
    const reason = mask(error.message)
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
      event('script.log', { realm: path, script: name, text: mask(text) }, levelOf(level)),
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
  const values = parseJson(args, deepest)
  if (call === undefined || !Array.isArray(values)) throw new CallRefused('nothing can be asked so')
  if (withheld(name, values as readonly Json[])) throw new CallRefused('nothing may come of it yet')
  return JSON.stringify((await call(...(values as readonly Json[]))) ?? null)
}

function levelOf(level: string): 'debug' | 'info' | 'warn' {
  return level === 'info' || level === 'warn' ? level : 'debug'
}

/** A text without what is nobody's to read. */
export type Masking = (text: string) => string

/** Takes secrets that a script was given, and those of its realm, out of what is written of it. */
export function maskingOf(realm: Realm, secrets: readonly string[] = []): Masking {
  const own = Object.values(rulesOf(realm).values[realm.path]?.secrets ?? {})
  const hidden = worthHiding([...secrets, ...own])
  return (text) => without(text, hidden)
}

/** Shorter ones would take half of every word away. */
const shortestSecret = 5

/** To look for more of them in every line would hold up whoever else is served: then nothing of a line is told. */
const mostSecrets = 100

/** Once more what a script writes: passwords and other secrets it was given are nobody's to read. */
function without(text: string, secrets: readonly string[]): string {
  if (secrets.length > mostSecrets) return '[masked]'
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[masked]'), text)
}

/** What is looked for: each once. */
function worthHiding(secrets: readonly string[]): readonly string[] {
  return [...new Set(secrets.filter(({ length }) => length >= shortestSecret))]
}

/** Every text in values, however deep. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsIn)
  return isObject(value) ? Object.values(value).flatMap(textsIn) : []
}
