import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../src/base/json.ts'
import { scriptedPeople } from '../src/config/user/scripted.ts'
import type { Visit } from '../src/journey/journey.ts'
import { failureId, successId } from '../src/journey/tree.ts'
import { nodesFolder, readJourneyList, treesFolder } from '../src/realm/journey/list.ts'
import { keptFolder } from '../src/realm/kept.ts'
import type { Realm } from '../src/realm/realm.ts'
import type { ScriptBounds } from '../src/realm/script/rules.ts'
import { usualScriptRules } from '../src/realm/script/rules.ts'
import { never } from '../src/store/store.ts'
import { withEvents } from './events.ts'
import { type Journeys, journeys } from './journeys.ts'

/** A script as a realm has it. */
export interface Written {
  readonly source: string
  readonly version?: '1.0' | '2.0'
  readonly context?: string
  readonly name?: string
}

let written = 0

/** Keeps a script in a realm; its id. */
export async function writeScript(
  realm: Realm,
  { source, version = '2.0', context = 'AUTHENTICATION_TREE_DECISION_NODE', name }: Written,
): Promise<string> {
  written += 1
  const id = `00000000-0000-4000-8000-${String(written).padStart(12, '0')}`
  await keepIn(realm, `scripts/${id}`, {
    ...{ name: name ?? `Script ${written}`, context, language: 'JAVASCRIPT' },
    ...{ evaluatorVersion: version, script: Buffer.from(source).toString('base64') },
  })
  return id
}

/** Keeps a document of a realm's journeys. */
export async function keepIn(realm: Realm, path: string, document: JsonObject): Promise<void> {
  const key = `${keptFolder(realm.path)}/${encodeURIComponent(path)}`
  const value = Buffer.from(JSON.stringify({ path, document }))
  const before = await realm.settings.get(key)
  if (before === undefined) await realm.settings.insert(key, value, never)
  else await realm.settings.replace(key, before.version, value, never)
}

/** A realm whose scripts have people, and those bounds. */
export function scripting(realm: Realm, bounds: Partial<ScriptBounds> = {}, more = {}): Realm {
  const values = { variables: {}, secrets: {}, addresses: [], ...more }
  return {
    ...realm,
    people: scriptedPeople,
    scripts: {
      bounds: { ...usualScriptRules.bounds, ...bounds },
      values: { [realm.path]: values },
    },
  }
}

export interface Scripted extends Journeys {
  readonly realm: Realm
}

/**
 * Journeys of a realm that has one named `Scripted`: a Scripted Decision alone, whose outcome `true` is a success and
 * whose others are failures.
 */
export async function scriptedJourney(
  realm: Realm,
  script: Written,
  settings: JsonObject = {},
  visit: Partial<Visit> = {},
): Promise<Scripted> {
  const id = await writeScript(realm, script)
  const outcomes: Json = ['true', 'false', 'other']
  const node = `node-${id}`
  await keepIn(realm, `${nodesFolder}/ScriptedDecisionNode/${node}`, {
    ...{ script: id, outcomes, inputs: ['*'], outputs: ['*'] },
    ...settings,
  })
  await keepIn(realm, `${treesFolder}/Scripted`, {
    entryNodeId: node,
    nodes: {
      [node]: {
        ...{ nodeType: 'ScriptedDecisionNode', displayName: 'Script' },
        connections: { true: successId, false: failureId, other: failureId },
      },
    },
  })
  const listed = await readJourneyList(realm.settings, realm.path)
  const own = { ...realm, journeys: listed }
  return { ...journeys(own, visit), realm: own }
}

/** What scripts of tests find outside the store. */
export const valued = {
  variables: { 'esv.host': 'mail.example', 'esv.port': '25' },
  secrets: { 'scripted.node.key': 'geheim42' },
}

/** What older scripts begin with. */
export const importer = `var fr = JavaImporter(
  org.forgerock.openam.auth.node.api.Action, javax.security.auth.callback.NameCallback,
  javax.security.auth.callback.PasswordCallback, javax.security.auth.callback.TextOutputCallback,
  com.sun.identity.authentication.callbacks.HiddenValueCallback, java.lang.String)
`

/** What scripts that ask nothing come to in a realm, and the state that they leave. */
export function endingIn(realm: Realm) {
  return async (source: string, version: '1.0' | '2.0' = '2.0', settings: JsonObject = {}) => {
    const at = await scriptedJourney(realm, { source, version }, settings)
    const { value: step, events } = await withEvents(() => at.begin('Scripted'))
    assert.ok(step.kind === 'success' || step.kind === 'failure', step.kind)
    const failed = events.find(({ name }) => name === 'journey.failed')
    return { kind: step.kind, reason: failed?.fields.reason, state: step.ended.state, events }
  }
}
