import { textMap, texts } from '../../../protocol/setting.ts'
import { ofTheSession } from '../../../session/system-property.ts'
import { NodeError, nodeType, oneOutcome, passed } from '../../journey.ts'
import { mostOfSession, nodeSetting, wholeOrText } from '../../node-setting.ts'

const minutes = wholeOrText(0, mostOfSession)

/** Gives the session properties, and times of its own (PingAM: Set Session Properties node). */
export const setSessionProperties = nodeType({
  type: 'SetSessionPropertiesNode',
  name: 'Set Session Properties',
  tags: ['utilities'],
  settings: {
    properties: nodeSetting('Properties', textMap, {}, 'By their names.', { required: true }),
    maxSessionTime: nodeSetting<number | undefined>(
      'Maximum Session Time',
      minutes,
      undefined,
      'Minutes; absent or 0: as set elsewhere.',
    ),
    maxIdleTime: nodeSetting<number | undefined>(
      'Maximum Idle Time',
      minutes,
      undefined,
      'Minutes; absent or 0: as set elsewhere.',
    ),
  },
  outcomes: () => oneOutcome,
  process({ state }, { properties, maxSessionTime, maxIdleTime }) {
    const system = Object.keys(properties).find((name) => ofTheSession.has(name))
    if (system !== undefined) throw new NodeError(`Cannot set system session property ${system}`)
    return passed('outcome', {
      ...state,
      properties: { ...state.properties, ...properties },
      ...(maxSessionTime ? { maxSessionTime } : {}),
      ...(maxIdleTime ? { maxIdleTime } : {}),
    })
  },
})

/** Takes properties away again (PingAM: Remove Session Properties node). */
export const removeSessionProperties = nodeType({
  type: 'RemoveSessionPropertiesNode',
  name: 'Remove Session Properties',
  tags: ['utilities'],
  settings: { propertyNames: nodeSetting('Property Names', texts, [], 'Which.') },
  outcomes: () => oneOutcome,
  process({ state }, { propertyNames }) {
    const rest = Object.entries(state.properties).filter(([name]) => !propertyNames.includes(name))
    return passed('outcome', { ...state, properties: Object.fromEntries(rest) })
  },
})
