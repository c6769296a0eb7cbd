import { flag, text } from '../../../protocol/setting.ts'
import { always, NodeError, nodeType, oneOutcome, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { keepProfile, profileIn } from '../../person/device-profile.ts'
import { namedIn } from '../../person/who.ts'
import { textIn } from '../../state.ts'

/** Keeps the device for the account (PingAM: Device Profile Save node). */
export const deviceSave = nodeType({
  type: 'DeviceSaveNode',
  name: 'Device Profile Save',
  tags: ['contextual', 'risk'],
  settings: {
    variableName: nodeSetting('Device Name Variable', text, '', 'Of the state: what it is called.'),
    maxSavedProfiles: nodeSetting(
      'Maximum Saved Profiles',
      wholeOrText(1, 50),
      5,
      'The last ones.',
    ),
    saveDeviceMetadata: nodeSetting('Save Device Metadata', flag, true, 'What it is.'),
    saveDeviceLocation: nodeSetting('Save Device Location', flag, true, 'Where it was.'),
  },
  outcomes: () => oneOutcome,
  acts: always,
  async process(turn, { variableName, maxSavedProfiles, saveDeviceMetadata, saveDeviceLocation }) {
    const { realm, state } = turn
    const user = await namedIn(turn)
    const profile = profileIn(state)
    if (profile === undefined) throw new NodeError('there is no device profile in the state')
    const { identifier, metadata, location } = profile
    const kept = {
      ...{ identifier, metadata: saveDeviceMetadata ? metadata : {} },
      ...(saveDeviceLocation && location !== undefined ? { location } : {}),
      alias: textIn(state, variableName),
    }
    await keepProfile(realm, user, kept, maxSavedProfiles)
    return passed('outcome', state)
  },
})
