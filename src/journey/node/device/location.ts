import type { Json } from '../../../base/json.ts'
import { texts } from '../../../protocol/setting.ts'
import { nodeType, passed, trueOrFalse } from '../../journey.ts'
import { decimalText, nodeSetting } from '../../node-setting.ts'
import { distance, keptProfiles, profileIn, readPlace } from '../../person/device-profile.ts'
import { namedIn } from '../../person/who.ts'
import { unknownDevice } from './match.ts'

const kilometres = decimalText(0, 999_999_999)

/** Whether a device that is kept is not far from where it was (PingAM: Device Location Match node). */
export const deviceLocationMatch = nodeType({
  type: 'DeviceLocationMatchNode',
  name: 'Device Location Match',
  tags: ['contextual', 'risk'],
  settings: { distance: nodeSetting('Maximum Distance (KM)', kilometres, 10, 'How far at most.') },
  outcomes: () => [...trueOrFalse, unknownDevice],
  async process(turn, { distance: most }) {
    const user = await namedIn(turn)
    const profile = profileIn(turn.state)
    const before = keptProfiles(user).find(({ identifier }) => identifier === profile?.identifier)
    const [here, there] = [profile?.location, before?.location]
    if (here === undefined || there === undefined) return passed('unknownDevice', turn.state)
    return passed(distance(here, there) <= most ? 'true' : 'false', turn.state)
  },
})

/** Whether the device is near one of several places (PingAM: Device GeoFencing node). */
export const deviceGeoFencing = nodeType({
  type: 'DeviceGeoFencingNode',
  name: 'Device GeoFencing',
  tags: ['contextual', 'risk'],
  settings: {
    locations: nodeSetting('Trusted Locations', texts, [], 'Latitude and longitude: `52.5,13.4`.'),
    distance: nodeSetting('Geofence Radius (KM)', kilometres, 10, 'How far at most.'),
  },
  outcomes: () => trueOrFalse,
  process({ state }, { locations, distance: most }) {
    const here = profileIn(state)?.location
    const near = locations.some((text) => {
      const [latitude = Number.NaN, longitude = Number.NaN] = text.split(',').map(Number)
      const place = readPlace({ latitude, longitude })
      return here !== undefined && place !== undefined && distance(here, place) <= most
    })
    return passed(near ? 'true' : 'false', state)
  },
})

/** Whether a client does not think that its device was tampered with (PingAM: Device Tampering Verification node). */
export const deviceTampering = nodeType({
  type: 'DeviceTamperingVerificationNode',
  name: 'Device Tampering Verification',
  tags: ['contextual', 'risk'],
  settings: {
    score: nodeSetting('Score', decimalText(0, 1), 0, 'From 0, which nothing is below, to 1.'),
  },
  outcomes: () => trueOrFalse,
  process({ state }, { score: most }) {
    const platform = profileIn(state)?.metadata.platform
    const score = (platform as { jailBreakScore?: Json } | undefined)?.jailBreakScore
    return passed(typeof score === 'number' && score <= most ? 'true' : 'false', state)
  },
})
