import type { NodeType } from '../../journey.ts'
import { deviceProfileCollector } from './collector.ts'
import { deviceGeoFencing, deviceLocationMatch, deviceTampering } from './location.ts'
import { deviceMatch } from './match.ts'
import { deviceSave } from './save.ts'

/** Nodes about the device that somebody comes with. */
export const devices: readonly NodeType[] = [
  deviceGeoFencing,
  deviceLocationMatch,
  deviceMatch,
  deviceProfileCollector,
  deviceSave,
  deviceTampering,
]
