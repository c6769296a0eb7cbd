import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import type { AddressSeen } from '../user/account/account-index.ts'
import type { CookieAtEnd } from './cookie/cookie-at-end.ts'

/** Whom a journey has found or proven, and where the counter of that account stood then (`user/epoch.ts`). */
export interface Identified {
  readonly sub: string
  readonly epoch: number
}

/** What a journey does at its end, whichever that is. */
export interface AtEnd {
  /** Members of the answer to a success (PingAM: Success Details node). */
  readonly success?: JsonObject
  /** More of them: of each the session property that it tells. */
  readonly successProperties?: Readonly<Record<string, string>>
  /** Text and members of the answer to a failure (PingAM: Failure Details node). */
  readonly failure?: EndDetails
  /** The same where a node could not do its work (PingAM: Error Details node). */
  readonly error?: EndDetails
  /** Cookies that a success sets. */
  readonly cookies?: readonly CookieAtEnd[]
}

export interface EndDetails {
  readonly message?: Readonly<Record<string, string>>
  readonly detail?: JsonObject
}

/**
 * What a journey has learnt so far. Three maps as in PingAM: `shared`; `transient`, of this request alone; `secure`,
 * what was transient in requests before. A reader finds transient values first, then secure, then shared ones.
 */
export interface JourneyState {
  readonly shared: JsonObject
  readonly secure: JsonObject
  readonly transient: JsonObject
  readonly user?: Identified
  /** The `username` there was when that one was identified: another one was set later. */
  readonly namedThen?: string | undefined
  /** They are known by their browser's session alone: that names whom the journey is about, and binds it to nobody. */
  readonly ofSession?: true
  /** Properties that the session will have. */
  readonly properties: Readonly<Record<string, string>>
  /** Ways in which somebody proved who they are, in their order: `DataStore`, `WebAuthnAuthentication`. */
  readonly methods: readonly string[]
  /** Minutes that the session lasts at most, and without use; absent: as the realm says. */
  readonly maxSessionTime?: number
  readonly maxIdleTime?: number
  /** The mail address that whoever is there has shown to be theirs, by a letter's link. */
  readonly confirmed?: string | undefined
  /** A mail address that was looked up, and nobody's. */
  readonly unclaimed?: AddressSeen | undefined
  /** It was begun by `ForceAuth`: no cookie of the browser says who they are. */
  readonly forced?: true
  /** Another time that the journey has from here on: minutes from now, and minutes more or less. */
  readonly lasting?: { readonly set?: number; readonly add?: number }
  readonly atEnd: AtEnd
}

export const emptyState: JourneyState = {
  ...{ shared: {}, secure: {}, transient: {}, properties: {}, methods: [], atEnd: {} },
}

/** The value that a reader finds under a name. */
export function valueIn(state: JourneyState, name: string): Json | undefined {
  return member(state.transient, name) ?? member(state.secure, name) ?? member(state.shared, name)
}

/** The same where it is text. */
export function textIn(state: JourneyState, name: string): string | undefined {
  const value = valueIn(state, name)
  return typeof value === 'string' ? value : undefined
}

/** The members of an object of that name in all three maps; those of `transient` win. */
export function objectIn(state: JourneyState, name: string): JsonObject {
  const all = [state.shared, state.secure, state.transient].map((map) => member(map, name))
  return Object.assign({}, ...all.filter(isObject)) as JsonObject
}

type Values = Readonly<Record<string, Json | undefined>>

function put(
  state: JourneyState,
  place: 'shared' | 'transient' | 'secure',
  values: Values,
): JourneyState {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return { ...state, [place]: { ...state[place], ...Object.fromEntries(given) } }
}

export function putShared(state: JourneyState, values: Values): JourneyState {
  return put(state, 'shared', values)
}

export function putTransient(state: JourneyState, values: Values): JourneyState {
  return put(state, 'transient', values)
}

/** Takes names out of all three maps. */
export function without(state: JourneyState, ...names: readonly string[]): JourneyState {
  const [shared, secure, transient] = [state.shared, state.secure, state.transient].map((map) =>
    Object.fromEntries(Object.entries(map).filter(([name]) => !names.includes(name))),
  ) as [JsonObject, JsonObject, JsonObject]
  return { ...state, shared, secure, transient }
}

/** Without the password that was asked, wherever it waits: once it is checked nobody needs it any more. */
export function withoutPassword(state: JourneyState): JourneyState {
  const { shared, secure, transient } = without(state, 'password')
  const [a, b, c] = [shared, secure, transient].map((map) => {
    const attributes = member(map, 'objectAttributes')
    if (!isObject(attributes) || !Object.hasOwn(attributes, 'password')) return map
    const { password: _, ...rest } = attributes
    return { ...map, objectAttributes: rest }
  }) as [JsonObject, JsonObject, JsonObject]
  return { ...state, shared: a, secure: b, transient: c }
}

/** Profile attributes that wait to be written (PingAM: `objectAttributes`); a path has `/` between its names. */
export function putAttribute(
  state: JourneyState,
  place: 'shared' | 'transient',
  path: string,
  value: Json,
): JourneyState {
  const attributes = member(state[place], 'objectAttributes')
  const next = withAt(isObject(attributes) ? attributes : {}, path.split('/'), value)
  return put(state, place, { objectAttributes: next })
}

function withAt(
  object: JsonObject,
  [name = '', ...rest]: readonly string[],
  value: Json,
): JsonObject {
  if (rest.length === 0) return { ...object, [name]: value }
  const inside = member(object, name)
  return { ...object, [name]: withAt(isObject(inside) ? inside : {}, rest, value) }
}

/** The attribute at a path among those that wait. */
export function attributeIn(state: JourneyState, path: string): Json | undefined {
  let found: Json | undefined = objectIn(state, 'objectAttributes')
  for (const name of path.split('/')) found = isObject(found) ? member(found, name) : undefined
  return found
}

/** Says whom the journey has found; what was shown of an account before it was changed holds no more. */
export function identify(
  state: JourneyState,
  { sub, epoch }: Identified,
  method?: string,
): JourneyState {
  const { user = { sub, epoch } } = state
  const { ofSession, ...known } = state
  // A session that ended since had nothing shown by which its journey goes.
  const isSame = user.sub === sub && (ofSession === true || user.epoch === epoch)
  const own = isSame ? known : withoutTheirs(known, sub)
  const methods = [...new Set(method === undefined ? own.methods : [...own.methods, method])]
  const namedThen = textIn(own, 'username')
  return { ...own, user: { sub, epoch }, namedThen, methods }
}

/** What is in the maps of one account: what was shown, sent, collected or made for it. */
const ofOneAccount = (
  'authLevel objectAttributes termsAccepted emailAddress oathDeviceProfile webauthnDeviceData webauthnData ' +
  'oneTimePassword oneTimePasswordTimestamp oneTimePasswordTries oneTimePasswordOf oneTimePasswordTo ' +
  'oneTimePasswordWithheld recoveryCodes recoveryCodeDeviceName webauthnAttestationType webauthnDeviceAaguid ' +
  'webauthnAttestationInfo webauthnAssertionInfo webauthnDeviceUuid webauthnDeviceName'
).split(' ')

/** What somebody else has shown, or was given, is nothing that this one has; what was typed for this login stays. */
function withoutTheirs(state: JourneyState, sub: string): JourneyState {
  const { failure, error } = state.atEnd
  const atEnd = { ...(failure && { failure }), ...(error && { error }) }
  const names = textIn(state, '_id') === sub ? ofOneAccount : [...ofOneAccount, '_id']
  const { confirmed: _, ...rest } = without(state, ...names)
  return { ...rest, properties: {}, methods: [], atEnd }
}

/** At the end of a request: what was transient is no longer so, and is kept sealed. */
export function settled(state: JourneyState): JourneyState {
  return { ...state, transient: {}, secure: { ...state.secure, ...state.transient } }
}
