import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../../../base/json.ts'
import { isObject, member } from '../../../../base/json.ts'
import { event } from '../../../../base/log.ts'
import type { Masking } from '../../../../script/masking.ts'
import { ofTheSession } from '../../../../session/system-property.ts'
import { findByUsername, findEndUser } from '../../../../user/end-user.ts'
import { suspendedTextOutputCallback } from '../../../callback/basic.ts'
import { admitSuspended } from '../../../engine/admission.ts'
import type { Asking, NodeResult, Turn } from '../../../journey.ts'
import { asks, NodeError, passed } from '../../../journey.ts'
import type { LocalText } from '../../../node-setting.ts'
import { localized, mostOfSession, mostSuspended } from '../../../node-setting.ts'
import type { JourneyState } from '../../../state.ts'
import { identify } from '../../../state.ts'
import { askedBy } from './asked-by.ts'

/** What the node’s settings and the script’s version say of what may be left behind. */
interface Rules {
  readonly outcomes: readonly string[]
  readonly outputs: readonly string[]
  readonly older: boolean
  /** What the log may not hold is taken out by it. */
  readonly mask: Masking
}

/** What a script left behind, as the end of its node’s turn. Nothing of it is believed. */
export async function resultOf(turn: Turn, left: JsonObject, rules: Rules): Promise<NodeResult> {
  const state = await stateAfter(turn, left, rules)
  tellAudit(turn, left, rules.mask)
  const callbacks = member(left, 'callbacks')
  if (callbacks !== undefined)
    return asks(askedBy(callbacks, rules.mask), state, pageOf(turn, left))
  const suspend = member(left, 'suspend')
  if (isObject(suspend)) {
    const { minutes } = suspend
    await admitSuspended(turn.realm, turn.visit.peer)
    return {
      ...{
        kind: 'suspend',
        state,
        callbacks: [suspendedTextOutputCallback(textOf(suspend.message))],
      },
      ...minutesIn('minutes', minutes, mostSuspended),
    }
  }
  const outcome = textOf(member(left, 'outcome') ?? member(left, 'left'))
  if (!rules.outcomes.includes(outcome))
    throw new NodeError(`Invalid outcome from script, '${rules.mask(outcome).slice(0, 100)}'`)
  return passed(outcome, state)
}

async function stateAfter(turn: Turn, left: JsonObject, rules: Rules): Promise<JourneyState> {
  const maps = objectAt(left, 'state')
  const [shared, secure, transient] = ['shared', 'secure', 'transient'].map((name) =>
    objectAt(maps, name),
  ) as [JsonObject, JsonObject, JsonObject]
  const written: JourneyState = { ...turn.state, shared, secure, transient }
  const state = rules.older ? withLegacy(turn, written, left, rules.outputs) : written
  // What the script says of the session and the end is of whoever it has identified.
  const known = await identified(turn, state, left)
  return { ...known, ...sessionOf(known, left), atEnd: endOf(known, left) }
}

/** Older scripts change copies of two maps: what they changed there counts, as far as it is declared. */
function withLegacy(
  { state: before }: Turn,
  written: JourneyState,
  left: JsonObject,
  outputs: readonly string[],
): JourneyState {
  const maps = objectAt(left, 'legacy')
  const [shared, transient] = [objectAt(maps, 'shared'), objectAt(maps, 'transient')]
  const all = outputs.includes('*')
  const missing = outputs.some(
    (name) => !Object.hasOwn(shared, name) && !Object.hasOwn(transient, name),
  )
  if (!all && missing) throw new NodeError('Script did not provide all declared outputs')
  const changed = (map: JsonObject, was: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(map).filter(
        ([name, value]) =>
          (all || outputs.includes(name)) && !isDeepStrictEqual(value, member(was, name)),
      ),
    )
  return {
    ...written,
    shared:
      member(left, 'shared') === undefined
        ? { ...written.shared, ...changed(shared, before.shared) }
        : objectAt(left, 'shared'),
    transient:
      member(left, 'transient') === undefined
        ? { ...written.transient, ...changed(transient, before.transient) }
        : objectAt(left, 'transient'),
  }
}

/** What the session is to hold, and how long it lasts. */
function sessionOf(state: JourneyState, left: JsonObject): Partial<JourneyState> {
  const told = Object.entries(objectAt(left, 'properties'))
  const system = told.find(([name]) => ofTheSession.has(name))
  if (system !== undefined) throw new NodeError(`Cannot set system session property ${system[0]}`)
  const kept = Object.entries(state.properties).filter(
    ([name]) => !told.some(([each, value]) => each === name && value === null),
  )
  const put = told.filter((each): each is [string, string] => typeof each[1] === 'string')
  return {
    properties: Object.fromEntries([...kept, ...put]),
    ...minutesIn('maxSessionTime', member(left, 'maxSessionTime'), mostOfSession),
    ...minutesIn('maxIdleTime', member(left, 'maxIdleTime'), mostOfSession),
  }
}

/** Whole minutes under that name: as many as nodes may be set to, where a script says more. Less than one is none. */
function minutesIn<Name extends string>(
  name: Name,
  value: Json | undefined,
  most: number,
): { readonly [K in Name]?: number } {
  if (typeof value !== 'number' || value < 1) return {}
  return { [name]: Math.min(Math.floor(value), most) } as { [K in Name]: number }
}

/** A message of its own takes the place of PingAM’s where the journey fails. */
function endOf({ atEnd }: JourneyState, left: JsonObject): JourneyState['atEnd'] {
  const text = member(left, 'errorMessage') ?? member(left, 'lockoutMessage')
  if (typeof text !== 'string') return atEnd
  return { ...atEnd, failure: { ...atEnd.failure, message: { en: text } } }
}

/** Whom the script says it has found; one that is not there is nobody. */
async function identified(
  { realm }: Turn,
  state: JourneyState,
  left: JsonObject,
): Promise<JourneyState> {
  if (member(left, 'agent') !== undefined) throw new NodeError('there are no agents to log in')
  const name = member(left, 'user')
  if (typeof name !== 'string') return state
  const user = (await findEndUser(realm, name)) ?? (await findByUsername(realm, name))
  if (user === undefined) throw new NodeError('the user whom the script names is not there')
  return identify(state, user)
}

function pageOf({ visit }: Turn, left: JsonObject): Omit<Asking, 'callbacks' | 'state'> {
  const text = (name: string): string | undefined => {
    const value = member(left, name)
    if (isObject(value)) return localized(localTextIn(value), visit.locales)
    return typeof value === 'string' ? value : undefined
  }
  return { header: text('header'), description: text('description'), stage: text('stage') }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

function localTextIn(value: JsonObject): LocalText {
  return Object.fromEntries(Object.entries(value).map(([locale, each]) => [locale, textOf(each)]))
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = member(object, name)
  return isObject(value) ? cleaned(value) : {}
}

/** A member of that name would be taken for the prototype by whoever copies the object carelessly. */
function cleaned<T extends Json>(value: T): T {
  if (Array.isArray(value)) return (value as readonly Json[]).map(cleaned) as Json as T
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([name]) => name !== '__proto__')
  return Object.fromEntries(members.map(([name, each]) => [name, cleaned(each)])) as Json as T
}

function tellAudit({ realm, id }: Turn, left: JsonObject, mask: Masking): void {
  const told = member(left, 'auditEntryDetail')
  if (!isObject(told)) return
  const detail = maskedIn(told, mask)
  event('script.audit_detail', { realm: realm.path, node: id, detail })
}

function maskedIn(value: Json, mask: Masking): Json {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => maskedIn(each, mask))
  if (!isObject(value)) return value
  const members = Object.entries(value)
  return Object.fromEntries(members.map(([name, each]) => [mask(name), maskedIn(each, mask)]))
}
