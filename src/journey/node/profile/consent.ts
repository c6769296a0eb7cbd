import { flag } from '../../../protocol/setting.ts'
import { nodeType, oneOutcome, passed } from '../../journey.ts'
import { localText, nodeSetting } from '../../node-setting.ts'

/** Asks whether data may go to systems that want consent (PingAM: Consent Collector node). No data goes anywhere from here: it passes. */
export const consentCollector = nodeType({
  type: 'ConsentNode',
  name: 'Consent Collector',
  tags: ['identity management'],
  settings: {
    allRequired: nodeSetting('All Required', flag, false, 'Whether none may be refused.'),
    message: nodeSetting('Privacy & Consent Message', localText, {}, 'What is asked, by locale.'),
  },
  outcomes: () => oneOutcome,
  process: ({ state }) => passed('outcome', state),
})
