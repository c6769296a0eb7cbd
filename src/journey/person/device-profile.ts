import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member, parseJsonObject } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { note, noteOf } from '../../user/notes.ts'
import type { JourneyState } from '../state.ts'
import { valueIn } from '../state.ts'

/** What a client says of the device it runs on (PingAM: device profile). */
export interface DeviceProfile {
  readonly identifier: string
  readonly metadata: JsonObject
  readonly location?: Place
}

export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** Under which name the state has it. */
export const profileKey = 'forgeRock.device.profile'

/** What a client answered, or what is kept; undefined for what is no profile. */
export function readProfile(value: Json | undefined): DeviceProfile | undefined {
  const object = typeof value === 'string' ? parseJsonObject(value) : value
  if (!isObject(object)) return undefined
  const identifier = member(object, 'identifier')
  const metadata = member(object, 'metadata')
  const location = readPlace(member(object, 'location'))
  if (typeof identifier !== 'string' || identifier === '') return undefined
  return {
    ...{ identifier, metadata: isObject(metadata) ? metadata : {} },
    ...(location === undefined ? {} : { location }),
  }
}

export function readPlace(value: Json | undefined): Place | undefined {
  if (!isObject(value)) return undefined
  const [latitude, longitude] = [member(value, 'latitude'), member(value, 'longitude')]
  return typeof latitude === 'number' && typeof longitude === 'number'
    ? { latitude, longitude }
    : undefined
}

export function profileIn(state: JourneyState): DeviceProfile | undefined {
  return readProfile(valueIn(state, profileKey))
}

/** A profile that an account keeps, with the second in which it was seen last. */
export interface KeptProfile extends DeviceProfile {
  readonly seen: number
  readonly alias?: string | undefined
}

export function keptProfiles(user: EndUser): readonly KeptProfile[] {
  const all: readonly Json[] = noteOf(user, 'deviceProfiles') ?? []
  return all.flatMap((each) => {
    const profile = readProfile(each)
    const seen = isObject(each) ? member(each, 'seen') : undefined
    return profile === undefined || typeof seen !== 'number' ? [] : [{ ...profile, seen }]
  })
}

/** Keeps it before all others, of which the oldest go. */
export async function keepProfile(
  realm: Realm,
  user: EndUser,
  profile: Omit<KeptProfile, 'seen'>,
  most: number,
): Promise<void> {
  const kept = JSON.parse(JSON.stringify({ ...profile, seen: realm.now() })) as JsonObject
  await note(realm, user, (now) => {
    const all: readonly Json[] = noteOf(now, 'deviceProfiles') ?? []
    const others = all.filter((each) => readProfile(each)?.identifier !== profile.identifier)
    return { deviceProfiles: [kept, ...others].slice(0, most) }
  })
}

/** Kilometres between two places, along the ground. */
export function distance(a: Place, b: Place): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const sine = (degrees: number): number => Math.sin(radians(degrees) / 2) ** 2
  const across =
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * sine(b.longitude - a.longitude)
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(sine(b.latitude - a.latitude) + across)))
}
