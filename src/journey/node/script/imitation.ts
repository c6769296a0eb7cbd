import type { Json, JsonObject } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import { event } from '../../../base/log.ts'
import { text, texts } from '../../../protocol/setting.ts'
import { execute } from '../../../script/execute.ts'
import { maskingOf } from '../../../script/masking.ts'
import { ScriptFailed, ScriptWouldAct } from '../../../script/run.ts'
import { findScript } from '../../../script/script.ts'
import { processed, WouldAct } from '../../engine/looking.ts'
import type { FoundNode, NodeResult, NodeType, Outcome, Turn } from '../../journey.ts'
import { NodeError, nodeType, passed } from '../../journey.ts'
import { nodeProblems, nodeSetting, nodeValues, wholeOrText } from '../../node-setting.ts'
import { given, secretsOf, visible } from './decision/given.ts'

const failed: Outcome = { id: 'CONFIGURATION_FAILED', displayName: 'Configuration failure' }

/** Where these lead, or what stands in them, is known from their settings alone, and nobody knows those before. */
const never = new Set([
  ...['ConfigProviderNode', 'ScriptedDecisionNode', 'ChoiceCollectorNode'],
  ...['PageNode', 'InnerTreeEvaluatorNode'],
])

const rows = {
  nodeType: nodeSetting('Node Type', text, '', 'The kind of node it does the work of.', {
    required: true,
  }),
  nodeVersion: nodeSetting('Node Version', wholeOrText(1, 99), 1, 'Of that kind; there is one.'),
  script: nodeSetting('Script', text, '', 'Id of the script that makes the settings.', {
    required: true,
  }),
  scriptInputs: nodeSetting(
    'Script Inputs',
    texts,
    ['*'],
    'What of the state the script finds; `*`: all.',
  ),
}

type Kinds = (type: string) => NodeType | undefined
type Inside = (type: string, id: string) => FoundNode | undefined | Promise<FoundNode | undefined>

/**
 * A node that does what a node of another kind does, by settings that a script makes at its turn (PingAM: Configuration
 * Provider node). Where it asks, the script runs again with the answers, as it does in PingAM.
 */
export function imitation(kinds: Kinds): NodeType {
  return nodeType({
    type: 'ConfigProviderNode',
    name: 'Configuration Provider',
    tags: ['utilities'],
    settings: rows,
    async outcomes({ nodeType: name }, inside) {
      const kind = imitable(kinds, name)
      return kind === undefined ? [failed] : [...(await allOutcomes(kind, inside)), failed]
    },
    async process(turn, { nodeType: name, script, scriptInputs }): Promise<NodeResult> {
      const kind = imitable(kinds, name)
      if (kind === undefined) throw new NodeError(`a script cannot configure a ${name}`)
      const settings = await settingsBy(turn, script, scriptInputs)
      const problems = settings && nodeProblems(kind.settings, settings)
      if (settings !== undefined && problems?.length === 0)
        return processed(turn, {
          type: kind,
          values: nodeValues(kind.settings, settings),
          document: settings,
        })
      const reason = problems?.map(({ path, text: says }) => `${path} ${says}`).join(', ')
      if (reason !== undefined) tell(turn, name, reason)
      return passed(failed.id, turn.state)
    },
  })
}

function imitable(kinds: Kinds, name: string): NodeType | undefined {
  return never.has(name) ? undefined : kinds(name)
}

/** Those of a new node, and those that its switches add. */
async function allOutcomes(kind: NodeType, inside: Inside): Promise<readonly Outcome[]> {
  const usual = nodeValues(kind.settings, {})
  const switched = Object.fromEntries(
    Object.entries(usual).map(([name, value]) => [name, value === false ? true : value]),
  )
  const found = [await kind.outcomes(usual, inside), await kind.outcomes(switched, inside)]
  return [...new Map(found.flat().map((outcome) => [outcome.id, outcome])).values()]
}

/** What the script has made; undefined where there is none, or it could not do its work, which the log tells. */
async function settingsBy(
  turn: Turn,
  id: string,
  inputs: readonly string[],
): Promise<JsonObject | undefined> {
  const script = await findScript(turn.realm, id)
  if (script === undefined) {
    tell(turn, '', `there is no script ${id}`)
    return undefined
  }
  const shown = await given(turn, inputs)
  const maps = Object.entries(shown.state as Readonly<Record<string, JsonObject>>)
  const state = Object.fromEntries(maps.map(([name, map]) => [name, visible(map, inputs)]))
  try {
    const left = await execute(turn.realm, script, {
      kind: 'configuration',
      given: { ...shown, state },
      secrets: secretsOf(turn),
      looking: turn.running.looking,
    })
    const made: Json | undefined = member(left, 'config')
    if (isObject(made)) return made
    tell(turn, '', `script ${id} leaves no config`)
  } catch (error) {
    if (error instanceof ScriptWouldAct) throw new WouldAct(error.message)
    if (!(error instanceof ScriptFailed)) throw error
  }
  return undefined
}

function tell(turn: Turn, kind: string, text: string): void {
  const { realm, id: node } = turn
  const reason = maskingOf(realm, secretsOf(turn))(text).slice(0, 1000)
  event('journey.configuration_failed', { realm: realm.path, node, kind, reason }, 'warn')
}
