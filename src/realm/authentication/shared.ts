import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { readSettings, type Setting } from '../../protocol/setting.ts'
import { oauth2Provider } from '../oauth2-provider.ts'
import { type AuthenticationSettings, authenticationSettings } from './setting.ts'

/**
 * Settings that stand under two names: as PingAM's core authentication attributes, where they are stored, and among the
 * provider's, where versions before stored them.
 */
const shared = [
  ...(['defaultJourney', 'journeyMaxDuration', 'journeySuspendedDuration'] as const),
  ...(['loginSuccessUrl', 'loginFailureUrl'] as const),
]

/** What a realm's record holds of its authentication settings. */
export interface AuthenticationRecord {
  readonly document: JsonObject
  /** What is not served and given back as it came, in the same sections (C-39). Absent: nothing. */
  readonly kept?: JsonObject | undefined
}

/** Of a realm's record what says how people log in. */
interface Stored {
  readonly document: JsonObject
  readonly authentication?: AuthenticationRecord
}

/** The typed settings. */
export function authenticationOf(stored: Stored): AuthenticationSettings {
  return readSettings(authenticationSettings, authenticationDocument(stored)).values
}

/** Those that were set, under PingAM's names. */
export function authenticationDocument({ document, authentication }: Stored): JsonObject {
  return shared.reduce((known, name) => {
    if (valueAt(known, authenticationSettings[name]) !== undefined) return known
    return withValue(known, authenticationSettings[name], valueAt(document, oauth2Provider[name]))
  }, authentication?.document ?? {})
}

/** The document of a provider, as it is shown: with those that stand there too. */
export function providerDocument(stored: Stored): JsonObject {
  const own = authenticationDocument(stored)
  return shared.reduce(
    (known, name) =>
      withValue(known, oauth2Provider[name], valueAt(own, authenticationSettings[name])),
    stored.document,
  )
}

/** What of a provider's document is stored where: those that it does not name stay as they are. */
export function storedProvider(document: JsonObject, before: Stored): Stored {
  const { authentication } = before
  const own = shared.reduce((known, name) => {
    const said = valueAt(document, oauth2Provider[name])
    return said === undefined ? known : withValue(known, authenticationSettings[name], said)
  }, authentication?.document ?? {})
  const rest = withoutShared(document)
  if (authentication === undefined && Object.keys(own).length === 0) return { document: rest }
  return { document: rest, authentication: { ...authentication, document: own } }
}

/** A provider's document without those that are stored elsewhere. */
export function withoutShared(document: JsonObject): JsonObject {
  return shared.reduce((known, name) => withValue(known, oauth2Provider[name], undefined), document)
}

/** What of the authentication settings is stored: of those that stand elsewhere too, what is not named stays. */
export function storedAuthentication(document: JsonObject, before: Stored): JsonObject {
  const known = authenticationDocument(before)
  return shared.reduce((next, name) => {
    const row = authenticationSettings[name]
    return valueAt(next, row) === undefined ? withValue(next, row, valueAt(known, row)) : next
  }, document)
}

type Place = Pick<Setting<unknown>, 'section' | 'name'>

function valueAt(document: JsonObject, { section, name }: Place): Json | undefined {
  const content = member(document, section)
  return isObject(content) ? member(content, name) : undefined
}

/** The same with another value there, or with none; a section of nothing goes too. */
function withValue(
  document: JsonObject,
  { section, name }: Place,
  value: Json | undefined,
): JsonObject {
  const content = member(document, section)
  const { [name]: before, ...others } = isObject(content) ? content : {}
  if (before === value) return document
  const inside: JsonObject = value === undefined ? others : { ...others, [name]: value }
  const { [section]: _, ...rest } = document
  return Object.keys(inside).length === 0 ? rest : { ...document, [section]: inside }
}
