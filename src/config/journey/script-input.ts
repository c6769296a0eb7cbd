import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { nodeTypes } from '../../journey/node-types.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { Read } from '../../protocol/setting.ts'
import { flag, oneOf, reading, text } from '../../protocol/setting.ts'
import { decodedSource } from '../../realm/script/source.ts'

/** What of a script is looked at; all else is given back as it came (PingAM: scripts). */
export const scriptRows: Readonly<
  Record<string, { readonly read: Read<unknown>; readonly about: string }>
> = {
  name: { read: text, about: 'What people call it; no other one of the realm has it.' },
  description: { read: text, about: 'What it is for.' },
  script: {
    read: reading(
      'the script as UTF-8 in base64',
      { type: 'string', pattern: '^[A-Za-z\\d+/]*={0,2}$' },
      (v) => decodedSource(v),
    ),
    about: 'The script as UTF-8 in base64; a document may have its lines, or its text, instead.',
  },
  language: { read: oneOf('JAVASCRIPT', 'GROOVY'), about: 'What it is written in.' },
  context: { read: text, about: 'What runs it: `AUTHENTICATION_TREE_DECISION_NODE`.' },
  evaluatorVersion: { read: oneOf('1.0', '2.0'), about: 'Which bindings it has.' },
  default: { read: flag, about: 'Whether PingAM ships it.' },
}

/** Which nodes run scripts of a context. Scripts of others are only kept. */
const runBy: Readonly<Record<string, string>> = {
  AUTHENTICATION_TREE_DECISION_NODE: 'ScriptedDecisionNode',
  SCRIPTED_DECISION_NODE: 'ScriptedDecisionNode',
  LIBRARY: 'ScriptedDecisionNode',
  CACHE_LOADER: 'ScriptedDecisionNode',
  CONFIG_PROVIDER_NODE: 'ConfigProviderNode',
  CONFIG_PROVIDER_NODE_NEXT_GEN: 'ConfigProviderNode',
  DEVICE_MATCH_NODE: 'DeviceMatchNode',
}

/** Contexts whose scripts are run where tokens are made. */
const runForTokens: readonly unknown[] = [
  'OAUTH2_ACCESS_TOKEN_MODIFICATION',
  'OAUTH2_ACCESS_TOKEN_MODIFICATION_NEXT_GEN',
  'OIDC_CLAIMS',
  'OIDC_CLAIMS_NEXT_GEN',
]

/** Whether anything here runs such a script. */
function isRun(document: JsonObject): boolean {
  const context = member(document, 'context')
  const node =
    typeof context === 'string' && Object.hasOwn(runBy, context) ? runBy[context] : undefined
  const isThere =
    node === undefined ? runForTokens.includes(context) : Object.hasOwn(nodeTypes, node)
  return isThere && (member(document, 'language') ?? 'JAVASCRIPT') === 'JAVASCRIPT'
}

/** Bindings of next-generation scripts behind which there is nothing here: they fail where they are used. */
const absent: Readonly<Record<string, RegExp>> = {
  policy: /\bpolicy\s*\.\s*evaluate/,
}

/** What of a script is not served: all of it, or bindings that it uses. */
export function unservedInScript(document: JsonObject): readonly string[] {
  if (!isRun(document)) return ['*']
  const source = decodedSource(member(document, 'script')) ?? ''
  return member(document, 'evaluatorVersion') === '2.0'
    ? Object.entries(absent).flatMap(([name, use]) => (use.test(source) ? [`script.${name}`] : []))
    : []
}

/** What is wrong with a script, beyond its name. */
export function scriptProblems(document: JsonObject): readonly Problem[] {
  const wrong = Object.entries(scriptRows).flatMap(([name, { read }]): Problem[] => {
    const value = member(document, name) ?? null
    if (value === null || read(value) !== undefined) return []
    return [{ path: name, text: `must be ${read.wants}` }]
  })
  const name = member(document, 'name') ?? ''
  return name === '' ? [...wrong, { path: 'name', text: 'is required' }] : wrong
}

/** A document may have a script as people read it: its lines, or its text. */
export function withSource(input: JsonObject): JsonObject {
  const script = member(input, 'script')
  const lines = Array.isArray(script) ? (script as readonly Json[]) : undefined
  const plain = lines?.every((line) => typeof line === 'string') ? lines.join('\n') : script
  if (typeof plain !== 'string' || (lines === undefined && decodedSource(plain) !== undefined))
    return input
  return { ...input, script: Buffer.from(plain).toString('base64') }
}

/** Members of a document but those that are the resource's. */
export function bareScript(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith('_')))
}
