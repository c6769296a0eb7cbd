import { parseJsonObject } from '../../../base/json.ts'
import { flag } from '../../../protocol/setting.ts'
import { textOf } from '../../callback/callback.ts'
import { deviceProfileCallback } from '../../callback/platform.ts'
import { asks, NodeError, nodeType, oneOutcome, passed } from '../../journey.ts'
import { decimalText, localized, localText, nodeSetting } from '../../node-setting.ts'
import { profileKey, readProfile } from '../../person/device-profile.ts'
import { putShared } from '../../state.ts'

/** Asks the client for what it knows of its device (PingAM: Device Profile Collector node). */
export const deviceProfileCollector = nodeType({
  type: 'DeviceProfileCollectorNode',
  name: 'Device Profile Collector',
  tags: ['contextual', 'risk'],
  settings: {
    maximumSize: nodeSetting('Maximum Profile Size (KB)', decimalText(1, 100), 3, 'Most of it.'),
    deviceMetadata: nodeSetting('Collect Device Metadata', flag, true, 'What it is.'),
    deviceLocation: nodeSetting('Collect Device Location', flag, false, 'Where it is.'),
    message: nodeSetting('Message', localText, {}, 'What is said meanwhile, by locale.'),
  },
  outcomes: () => oneOutcome,
  process({ visit, state, answers }, { maximumSize, deviceMetadata, deviceLocation, message }) {
    const text = textOf(answers?.[0])
    if (Buffer.byteLength(text) > maximumSize * 1024)
      throw new NodeError('the device profile is larger than may be')
    const profile = text === '' ? undefined : readProfile(text)
    if (profile !== undefined)
      return passed('outcome', putShared(state, { [profileKey]: parseJsonObject(text) }))
    const said = localized(message, visit.locales) ?? ''
    return asks([deviceProfileCallback(deviceMetadata, deviceLocation, said)], state)
  },
})
