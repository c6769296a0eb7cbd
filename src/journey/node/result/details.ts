import type { Json, JsonObject } from '../../../base/json.ts'
import { parseJson } from '../../../base/json.ts'
import { textMap } from '../../../protocol/setting.ts'
import { NodeError, nodeType, oneOutcome, passed } from '../../journey.ts'
import { localText, nodeSetting } from '../../node-setting.ts'
import type { JourneyState } from '../../state.ts'

/** A text that is JSON stands for what it says. */
function detailsOf(texts: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]): [string, Json] => [name, parseJson(value) ?? value]),
  )
}

/** Members that the answer has already. */
const reserved = ['tokenId', 'successUrl', 'realm']

/** Adds members to the answer of a success (PingAM: Success Details node). */
export const setSuccessDetails = nodeType({
  type: 'SetSuccessDetailsNode',
  name: 'Set Success Details',
  tags: ['utilities'],
  settings: {
    successDetails: nodeSetting('Success Details', textMap, {}, 'Members, by their names.'),
    sessionProperties: nodeSetting('Session Properties', textMap, {}, 'Member → property.'),
  },
  outcomes: () => oneOutcome,
  process({ state }, { successDetails, sessionProperties }) {
    const names = [...Object.keys(successDetails), ...Object.keys(sessionProperties)]
    const taken = names.find((name) => reserved.includes(name))
    if (taken !== undefined) throw new NodeError(`the answer has a member ${taken} of its own`)
    const { atEnd } = state
    const success = { ...atEnd.success, ...detailsOf(successDetails) }
    const successProperties = { ...atEnd.successProperties, ...sessionProperties }
    return passed('outcome', { ...state, atEnd: { ...atEnd, success, successProperties } })
  },
})

function ending(
  state: JourneyState,
  which: 'failure' | 'error',
  message: Readonly<Record<string, string>>,
  details: Readonly<Record<string, string>>,
): JourneyState {
  const { atEnd } = state
  const before = atEnd[which]
  const detail = { ...before?.detail, ...detailsOf(details) }
  const said = { ...before?.message, ...message }
  return { ...state, atEnd: { ...atEnd, [which]: { message: said, detail } } }
}

/** Says why a journey failed (PingAM: Failure Details node). */
export const setFailureDetails = nodeType({
  type: 'SetFailureDetailsNode',
  name: 'Set Failure Details',
  tags: ['utilities'],
  settings: {
    failureMessage: nodeSetting('Failure Message', localText, {}, 'Text, by locale.'),
    failureDetails: nodeSetting('Failure Details', textMap, {}, 'Members, by their names.'),
  },
  outcomes: () => oneOutcome,
  process: ({ state }, { failureMessage, failureDetails }) =>
    passed('outcome', ending(state, 'failure', failureMessage, failureDetails)),
})

/** The same where a node could not do its work (PingAM: Error Details node). */
export const setErrorDetails = nodeType({
  type: 'SetErrorDetailsNode',
  name: 'Set Error Details',
  tags: ['utilities'],
  settings: {
    errorMessage: nodeSetting('Error Message', localText, {}, 'Text, by locale.'),
    errorDetails: nodeSetting('Error Details', textMap, {}, 'Members, by their names.'),
  },
  outcomes: () => oneOutcome,
  process: ({ state }, { errorMessage, errorDetails }) =>
    passed('outcome', ending(state, 'error', errorMessage, errorDetails)),
})
