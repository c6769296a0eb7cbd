import type { Form } from '../../../base/form.ts'
import { findJourney, findTree } from '../../../journey/find.ts'
import { canBegin } from '../../../journey/unserved.ts'
import type { Realm } from '../../../realm/realm.ts'
import type { Session } from '../../../session/session.ts'
import { readAdvices } from './advice.ts'

/** What a login is asked for by (PingAM: `authIndexType`, `authIndexValue`). */
export type Index = readonly [type: string, value: string]

/** Which journey runs, and what it has to come to. */
export interface AskedJourney {
  readonly journey: string
  /** As it was asked for; absent: the realm's default journey. */
  readonly index?: Index | undefined
  /** The journey itself was asked for, so that a session of another one does not serve. */
  readonly named: boolean
  readonly targetLevel?: number | undefined
}

/** PingAM's words for what cannot be asked for, and ours for what it keeps. */
export type NotAsked =
  | 'No Configuration found'
  | 'Unknown Authentication Index Type'
  | typeof tooLong

const notFound = 'No Configuration found'

/** Bytes in JSON: each step says it again, sealed with all else, and would be too long to come back. */
const mostOfResource = 2048
const tooLong = 'The resource is longer than 2048 bytes'

type Find = (realm: Realm, value: string) => Omit<AskedJourney, 'index'> | undefined

/** Modules, roles and users of PingAM's chains are gone there too; what is done once (`transaction`) nothing here asks for. */
const nowhere: Find = () => undefined

const kinds: Readonly<Record<string, Find>> = {
  service,
  level,
  composite_advice: advised,
  // No policy here asks more of a resource than to be logged in.
  resource: (realm) => byDefault(realm),
  ...{ transaction: nowhere, user: nowhere, role: nowhere, module: nowhere },
}

/** The journey that is asked for; of a type without a value, the default one. */
export function askedJourney(realm: Realm, index: Partial<Index>): AskedJourney | NotAsked {
  const [type = 'service', value] = index
  const kind = type.toLowerCase()
  const find = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (find === undefined) return 'Unknown Authentication Index Type'
  if (value === undefined) return byDefault(realm) ?? notFound
  if (kind === 'resource' && isTooLong(value)) return tooLong
  const found = find(realm, value)
  return found === undefined ? notFound : { ...found, index: [kind, value] }
}

function isTooLong(resource: string): boolean {
  return Buffer.byteLength(JSON.stringify(resource)) > mostOfResource + 2
}

/** The same, if it can be begun at all. */
export async function journeyToBegin(
  realm: Realm,
  index: Partial<Index>,
): Promise<AskedJourney | NotAsked> {
  const asked = askedJourney(realm, index)
  return typeof asked === 'string' || (await canBegin(realm, asked.journey)) ? asked : notFound
}

/** The pair in the query of AM's JSON endpoint. */
export function indexIn(query: Form): Partial<Index> {
  return [query.get('authIndexType'), query.get('authIndexValue')] as Partial<Index>
}

/** What AM's login page has for a type and its value, beside the pair itself. */
const words = [
  ['service', 'service'],
  ['module', 'module'],
  ['user', 'user'],
  ['role', 'role'],
  ['authlevel', 'level'],
] as const

/** The same in the query of the login page. */
export function indexOfPage(query: Form): Partial<Index> {
  for (const [word, type] of words) {
    const value = query.get(word)
    if (value !== undefined) return [type, value]
  }
  if (isTrue(query, 'resource')) return ['resource', query.get('resourceURL') ?? '']
  return indexIn(query)
}

/** Whether the session that is there serves, so that nothing runs. */
export async function serves(
  realm: Realm,
  { journey, named, targetLevel = 0 }: AskedJourney,
  session: Session,
  query: Form,
): Promise<boolean> {
  if (isTrue(query, 'ForceAuth') || levelOf(session) < targetLevel) return false
  if (!named) return true
  if (session.journey !== journey) return false
  const found = await findTree(realm, journey)
  return found?.tree.mustRun !== true
}

export function isTrue(query: Form, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true'
}

function levelOf({ properties }: Session): number {
  return Number(properties.AuthLevel ?? 0)
}

function byDefault(realm: Realm, targetLevel?: number): ReturnType<Find> {
  const found = findJourney(realm, realm.provider.defaultJourney)
  return found && { journey: found.name, named: false, targetLevel }
}

function service(realm: Realm, value: string): ReturnType<Find> {
  const found = findJourney(realm, value)
  return found && { journey: found.name, named: true }
}

function level(realm: Realm, value: string): ReturnType<Find> {
  return /^\d{1,9}$/.test(value) ? byDefault(realm, Number(value)) : undefined
}

/** What each advice comes to; all of them have to be heeded, of the values of one the first that can be. */
const advices: Readonly<Record<string, Find>> = {
  AuthenticateToServiceConditionAdvice: (realm, value) => service(realm, here(realm, value)),
  AuthLevelConditionAdvice: (realm, value) => level(realm, here(realm, value)),
  AuthenticateToRealmConditionAdvice: (realm, value) =>
    `/${value.replace(/^\//, '')}` === realm.path ? byDefault(realm) : undefined,
}

function advised(realm: Realm, value: string): ReturnType<Find> {
  const read = readAdvices(value)
  if (read === undefined) return undefined
  const found = read.map(([name, values]) => {
    const find = Object.hasOwn(advices, name) ? advices[name] : undefined
    return values.map((each) => find?.(realm, each)).find((each) => each !== undefined)
  })
  if (!found.every((each) => each !== undefined)) return undefined
  const first = found.find(({ named }) => named) ?? found[0]
  if (first === undefined || found.some(({ named, journey }) => named && journey !== first.journey))
    return undefined
  const targetLevel = Math.max(...found.map((each) => each.targetLevel ?? 0))
  return { ...first, targetLevel: targetLevel === 0 ? undefined : targetLevel }
}

/** `/alpha:Journey` is of that realm; one of another realm is as if it was not there. */
function here(realm: Realm, value: string): string {
  const [, path, rest] = /^(\/[^:]*):(.*)$/s.exec(value) ?? []
  if (path === undefined || rest === undefined) return value
  return path === realm.path ? rest : ''
}
