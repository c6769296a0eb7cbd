import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../../base/json.ts'
import { isObject, member } from '../../../base/json.ts'
import { flag, text } from '../../../protocol/setting.ts'
import type { Outcome } from '../../journey.ts'
import { NodeError, nodeType, passed, trueOrFalse } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { keptProfiles, profileIn } from '../../person/device-profile.ts'
import { namedIn } from '../../person/who.ts'

export const unknownDevice: Outcome = { id: 'unknownDevice', displayName: 'Unknown Device' }

/** Whether the device is one that the account has kept, and as it was then (PingAM: Device Match node). */
export const deviceMatch = nodeType({
  type: 'DeviceMatchNode',
  name: 'Device Match',
  tags: ['contextual', 'risk'],
  settings: {
    acceptableVariance: nodeSetting('Acceptable Variance', wholeOrText(0, 1000), 0, 'Differences.'),
    expiration: nodeSetting('Expiration', wholeOrText(0, 36_500), 30, 'Days for which it counts.'),
    useScript: nodeSetting('Use Custom Matching Script', flag, false, 'None can be used.'),
    script: nodeSetting('Custom Matching Script', text, '', 'Kept.'),
  },
  outcomes: () => [...trueOrFalse, unknownDevice],
  async process(turn, { acceptableVariance, expiration, useScript }) {
    if (useScript) throw new NodeError('devices are not matched by scripts here')
    const { realm, state } = turn
    const user = await namedIn(turn)
    const profile = profileIn(state)
    const since = realm.now() - expiration * 86_400
    const kept = keptProfiles(user).find(
      ({ identifier, seen }) => identifier === profile?.identifier && seen >= since,
    )
    if (profile === undefined || kept === undefined) return passed('unknownDevice', state)
    const differs = differences(profile.metadata, kept.metadata)
    return passed(differs <= acceptableVariance ? 'true' : 'false', state)
  },
})

/** How many values are not the same, however deep they stand. */
function differences(a: Json | undefined, b: Json | undefined): number {
  if (!isObject(a) || !isObject(b)) return isDeepStrictEqual(a, b) ? 0 : 1
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return names.reduce((sum, name) => sum + differences(member(a, name), member(b, name)), 0)
}
