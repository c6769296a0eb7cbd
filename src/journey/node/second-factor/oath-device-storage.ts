import { always, nodeType, passed } from '../../journey.ts'
import { postponed } from '../../person/postponed.ts'
import { namedIn } from '../../person/who.ts'
import { without } from '../../state.ts'
import { postponedOath, successOrFailure } from './oath-registration.ts'
import { storeDevice } from './registered.ts'

/** Stores the device that a registration has left in the state (PingAM: OATH Device Storage node). */
export const oathDeviceStorage = nodeType({
  type: 'OathDeviceStorageNode',
  name: 'OATH Device Storage',
  tags: ['mfa', 'multi-factor authentication'],
  settings: {},
  outcomes: () => successOrFailure,
  acts: always,
  async process(turn) {
    const { realm, state } = turn
    const user = await namedIn(turn)
    const device = postponed(state, postponedOath, user)
    const stored = device !== undefined && (await storeDevice(realm, user, 'oath', device))
    return passed(stored ? 'successOutcome' : 'failureOutcome', without(state, postponedOath))
  },
})
