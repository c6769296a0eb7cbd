import { text, texts } from '../../../protocol/setting.ts'
import { execute } from '../../../script/execute.ts'
import { maskingOf } from '../../../script/masking.ts'
import { ScriptFailed, ScriptWouldAct } from '../../../script/run.ts'
import { findScript } from '../../../script/script.ts'
import { WouldAct } from '../../engine/looking.ts'
import type { NodeResult } from '../../journey.ts'
import { NodeError, nodeType } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { given, secretsOf } from './decision/given.ts'
import { resultOf } from './decision/result.ts'

const everything = ['*']

/**
 * A script that says where to go, or what to ask (PingAM: Scripted Decision node). Where it asks it runs again from its
 * top with what was answered.
 */
export const scriptedDecision = nodeType({
  type: 'ScriptedDecisionNode',
  name: 'Scripted Decision',
  tags: ['utilities'],
  settings: {
    script: nodeSetting('Script', text, '', 'Id of the script.', { required: true }),
    outcomes: nodeSetting('Outcomes', texts, [], 'What the script may decide.', { required: true }),
    inputs: nodeSetting(
      'Script Inputs',
      texts,
      everything,
      'What of the state an older script finds as `sharedState` and `transientState`; `*`: all.',
    ),
    outputs: nodeSetting(
      'Script Outputs',
      texts,
      everything,
      'What an older script has to leave there; `*`: whatever it likes.',
    ),
  },
  outcomes: ({ outcomes }) => outcomes.map((id) => ({ id, displayName: id })),

  async process(turn, { script: id, outcomes, inputs, outputs }): Promise<NodeResult> {
    const script = await findScript(turn.realm, id)
    if (script === undefined) throw new NodeError(`there is no script ${id}`)
    const secrets = secretsOf(turn)
    const shown = await given(turn, inputs)
    const left = await ran(() =>
      execute(turn.realm, script, {
        kind: 'decision',
        given: shown,
        calls: { resumeUri: () => turn.resumeUri() },
        secrets,
        looking: turn.running.looking,
      }),
    )
    const rules = { outcomes, outputs, older: script.version === '1.0' }
    return resultOf(turn, left, { ...rules, mask: maskingOf(turn.realm, secrets) })
  },
})

/** What a script cannot do, its node cannot. */
async function ran<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ScriptFailed) throw new NodeError(error.message, { cause: error })
    if (error instanceof ScriptWouldAct) throw new WouldAct(error.message)
    throw error
  }
}
