import { flag, text } from '../../../protocol/setting.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'
import { putShared } from '../../state.ts'

const metric = (about: string) => nodeSetting('Metric Key', text, '', about)

const metrics = ['metrics', 'utilities'] as const

/** Notes when it was passed (PingAM: Timer Start node). No metric comes of it. */
export const timerStart = nodeType({
  type: 'TimerStartNode',
  name: 'Timer Start',
  tags: metrics,
  settings: {
    startTimeProperty: nodeSetting('Start Time Property', text, 'TimerNodeStartTime', 'Its name.'),
  },
  outcomes: () => oneOutcome,
  process: ({ realm, state }, { startTimeProperty }) =>
    passed('outcome', putShared(state, { [startTimeProperty]: realm.now() * 1000 })),
})

/** PingAM: Timer Stop node. No metric comes of it: it passes. */
export const timerStop = nodeType({
  type: 'TimerStopNode',
  name: 'Timer Stop',
  tags: metrics,
  settings: {
    startTimeProperty: nodeSetting('Start Time Property', text, 'TimerNodeStartTime', 'Its name.'),
    metricKey: metric('Kept.'),
  },
  outcomes: () => oneOutcome,
  process: ({ state }) => passed('outcome', state),
})

/** PingAM: Meter node. No metric comes of it: it passes. */
export const meter = nodeType({
  type: 'MeterNode',
  name: 'Meter',
  tags: metrics,
  settings: { metricKey: metric('Kept.') },
  outcomes: () => oneOutcome,
  process: ({ state }) => passed('outcome', state),
})

/** PingAM: Debug node. Nobody is shown what a journey has kept: it passes. */
export const debug = nodeType({
  type: 'DebugNode',
  name: 'Debug Node',
  tags: ['utilities'],
  settings: { popupEnabled: nodeSetting('Enable Debug Popup', flag, true, 'Kept.') },
  outcomes: () => oneOutcome,
  process: ({ state }) => passed('outcome', state),
})

/** PingAM: Register Logout Webhook node. Nothing is called at a logout: it passes. */
export const registerLogoutWebhook = nodeType({
  type: 'RegisterLogoutWebhookNode',
  name: 'Register Logout Webhook',
  tags: ['session'],
  settings: { webhookName: nodeSetting('Webhook Name', text, '', 'Kept.') },
  outcomes: () => oneOutcome,
  process: ({ state }) => passed('outcome', state),
})
