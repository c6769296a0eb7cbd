import { member } from '../../../base/json.ts'
import { texts } from '../../../protocol/setting.ts'
import { metadataCallback } from '../../callback/basic.ts'
import { asks, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting } from '../../node-setting.ts'

/** Shows the client what the journey has kept (PingAM: State Metadata node). It asks nothing: on a page it stands beside what does. */
export const metadata = nodeType({
  type: 'MetadataNode',
  name: 'State metadata',
  tags: ['utilities'],
  settings: {
    attributes: nodeSetting('Attributes', texts, [], 'Names of what is shown.'),
  },
  outcomes: () => oneOutcome,
  process({ state, answers }, { attributes }) {
    if (answers !== undefined) return passed('outcome', state)
    const shown = attributes.flatMap((name) => {
      const value = member(state.shared, name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return asks([metadataCallback(Object.fromEntries(shown))], state)
  },
})
