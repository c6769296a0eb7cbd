import { isObject, member, parseJsonObject } from '../base/json.ts'
import { mostOfSecret, readText } from '../base/read-text.ts'
import type { ScriptBounds, ScriptRules, ScriptValues } from '../realm/script/rules.ts'
import { usualScriptRules } from '../realm/script/rules.ts'
import type { ReadSetting, ServerSetting } from './setting.ts'
import { whole } from './setting.ts'

/** What the file of `scriptValues` says. */
export interface ScriptFile {
  readonly realms: ScriptRules['values']
}

/** What stands outside the store for the scripts of each realm. */
const values: ReadSetting<ScriptFile> = (path) => {
  const document = parseJsonObject(readText(path, mostOfSecret))
  const realms = document && Object.entries(document)
  if (realms === undefined || !realms.every(([realm]) => realm.startsWith('/')))
    throw new Error('must name a file with a JSON object, whose members are paths of realms')
  return { realms: Object.fromEntries(realms.map(([realm, given]) => [realm, valuesOf(given)])) }
}

function valuesOf(given: unknown): ScriptValues {
  const problem = 'must name a file in which a realm has `variables`, `secrets` and `addresses`'
  if (!isObject(given)) throw new Error(problem)
  const texts = (name: string): Readonly<Record<string, string>> => {
    const found = member(given, name) ?? {}
    if (!isObject(found) || !Object.values(found).every((each) => typeof each === 'string'))
      throw new Error(problem)
    return found as Readonly<Record<string, string>>
  }
  const addresses = member(given, 'addresses') ?? []
  if (!Array.isArray(addresses) || !addresses.every((each) => typeof each === 'string'))
    throw new Error(problem)
  return {
    variables: texts('variables'),
    secrets: texts('secrets'),
    addresses,
  }
}

const usual = usualScriptRules.bounds

/** What a script may take, and what there is for it. */
export const scriptSettings = {
  scriptThreads: {
    environment: 'PARAPET_SCRIPT_THREADS',
    read: whole(1, 64),
    default: String(usual.threads),
    about: 'Scripts that run at once in each process; the first of them starts a thread',
  },
  scriptTime: {
    environment: 'PARAPET_SCRIPT_TIME',
    read: whole(10, 60_000),
    default: String(usual.computing),
    about: 'Milliseconds that a script may compute',
  },
  scriptWhole: {
    environment: 'PARAPET_SCRIPT_WHOLE_TIME',
    read: whole(100, 300_000),
    default: String(usual.whole),
    about: 'Milliseconds that a script may last, what it waits for among them',
  },
  scriptHttpTime: {
    environment: 'PARAPET_SCRIPT_HTTP_TIME',
    read: whole(100, 60_000),
    default: String(usual.waiting),
    about: 'Milliseconds that one request of a script to another server may take',
  },
  scriptMemory: {
    environment: 'PARAPET_SCRIPT_MEMORY',
    read: whole(4, 1024),
    default: String(usual.memory / 1024 / 1024),
    about: 'MiB of memory that a script may have',
  },
  scriptStack: {
    environment: 'PARAPET_SCRIPT_STACK',
    read: whole(64, 512),
    default: String(usual.stack / 1024),
    about: 'KiB of stack that a script may have',
  },
  scriptCalls: {
    environment: 'PARAPET_SCRIPT_CALLS',
    read: whole(0, 10_000),
    default: String(usual.calls),
    about: 'How often a script may ask something of the server',
  },
  scriptCallLength: {
    environment: 'PARAPET_SCRIPT_CALL_LENGTH',
    read: whole(1000, 16_777_216),
    default: String(usual.callLength),
    about: 'Characters of each such question and of its answer',
  },
  scriptResultLength: {
    environment: 'PARAPET_SCRIPT_RESULT_LENGTH',
    read: whole(1000, 1_048_576),
    default: String(usual.resultLength),
    about: 'Characters of what a script gives back, with the state of its journey',
  },
  scriptLogLength: {
    environment: 'PARAPET_SCRIPT_LOG_LENGTH',
    read: whole(0, 1_048_576),
    default: String(usual.logLength),
    about: 'Characters that a script may write to the log',
  },
  scriptValues: {
    environment: 'PARAPET_SCRIPT_VALUES',
    read: values,
    secret: true,
    about:
      'JSON file with what scripts find outside the store, by the paths of realms: `variables`, `secrets`, and `addresses` that are not public',
  },
} as const satisfies Record<string, ServerSetting<unknown>>

type Read = {
  readonly [N in Exclude<keyof typeof scriptSettings, 'scriptValues'>]: number
} & { readonly scriptValues: ScriptFile | undefined }

export function scriptRules(read: Read): ScriptRules {
  const bounds: ScriptBounds = {
    ...{ threads: read.scriptThreads, computing: read.scriptTime, whole: read.scriptWhole },
    ...{ waiting: read.scriptHttpTime, memory: read.scriptMemory * 1024 * 1024 },
    ...{ stack: read.scriptStack * 1024, calls: read.scriptCalls },
    ...{ callLength: read.scriptCallLength, resultLength: read.scriptResultLength },
    logLength: read.scriptLogLength,
  }
  return { bounds, values: read.scriptValues?.realms ?? {} }
}
