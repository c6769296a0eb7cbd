import { text } from '../../../protocol/setting.ts'
import { nodeType, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'

/** Sends so many of a hundred one way, by chance, and all others another (PingAM: Flow Control node). */
export const flowControl = nodeType({
  type: 'FlowControlNode',
  name: 'Flow Control',
  tags: ['utilities'],
  settings: {
    percentageA: nodeSetting('Percentage A', wholeOrText(0, 100), 50, 'Of a hundred, go by A.'),
    outcomeADisplayName: nodeSetting('Outcome A', text, 'A', 'What the editor calls A.'),
    outcomeBDisplayName: nodeSetting('Outcome B', text, 'B', 'What the editor calls B.'),
  },
  outcomes: ({ outcomeADisplayName, outcomeBDisplayName }) => [
    { id: 'A', displayName: outcomeADisplayName },
    { id: 'B', displayName: outcomeBDisplayName },
  ],
  process({ realm, state }, { percentageA }) {
    const drawn = (realm.random(4).readUInt32BE() / 2 ** 32) * 100
    return passed(drawn < percentageA ? 'A' : 'B', state)
  },
})
