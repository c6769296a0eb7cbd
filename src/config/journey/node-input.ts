import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { NodeType } from '../../journey/journey.ts'
import { nodeProblems } from '../../journey/node-setting.ts'
import { nodeTypes } from '../../journey/node-types.ts'
import type { Surroundings } from '../../realm/script/placeholder.ts'
import { openPlaceholders } from '../../realm/script/placeholder.ts'
import { nearest } from '../document/nearest.ts'
import { pageWithoutVersions } from './node-version.ts'
import type { Asked, Taken } from './row.ts'

/** Kind and own id of a node: `PageNode/<uuid>`. */
export function partsOf(id: string): readonly [type: string, id: string] {
  const slash = id.indexOf('/')
  return [id.slice(0, slash), id.slice(slash + 1)]
}

/** Whether it holds other nodes. */
export function isPage(id: string): boolean {
  return partsOf(id)[0] === 'PageNode'
}

/** The kind of a node; undefined: it is not served. */
export function typeOf(id: string): NodeType | undefined {
  const [type] = partsOf(id)
  return Object.hasOwn(nodeTypes, type) ? nodeTypes[type] : undefined
}

/** Settings that are written and shown to nobody. */
export function secretsOfNode(id: string): readonly string[] {
  return Object.entries(typeOf(id)?.settings ?? {}).flatMap(([name, { secret }]) =>
    secret === true ? [name] : [],
  )
}

/** What of a document is stored: what answers make of it is not, but where nobody here could make it. */
export function bareNode(id: string, document: JsonObject): JsonObject {
  const isMade = typeOf(id) === undefined ? isMark : isOfResource
  const bare = Object.fromEntries(Object.entries(document).filter(([name]) => !isMade(name)))
  return isPage(id) ? pageWithoutVersions(bare) : bare
}

function isMark(name: string): boolean {
  return name === '_id' || name === '_rev'
}

function isOfResource(name: string): boolean {
  return name.startsWith('_')
}

/** Settings of a node that is served which no row knows. */
export function unknownSettings(id: string, document: JsonObject): readonly string[] {
  const { settings } = typeOf(id) ?? {}
  return settings === undefined
    ? []
    : Object.keys(document).filter((name) => !Object.hasOwn(settings, name))
}

/** What of a node is not served; `*`: all of it. What has no value in the realm's environment is not either. */
export function unservedSettings(
  realm: Surroundings,
  id: string,
  document: JsonObject,
): readonly string[] {
  if (typeOf(id) === undefined) return ['*']
  const open = Object.entries(document).flatMap(([name, value]) =>
    openPlaceholders(realm, { value }).length > 0 ? [name] : [],
  )
  return [...new Set([...unknownSettings(id, document), ...open])]
}

/** Reads what somebody wants a node to be. A secret that is left out stays as it is. */
export async function takeNode({ id, input, before = {} }: Asked): Promise<Taken> {
  const bare = bareNode(id, input)
  const type = typeOf(id)
  if (type === undefined) return { outcome: 'taken', document: bare }
  const { settings } = type
  const names = Object.keys(settings)
  const slips = unknownSettings(id, bare).filter(
    (name) => name.endsWith('-encrypted') || nearest(name, names) !== undefined,
  )
  if (slips.length > 0) return { outcome: 'unknown', paths: slips, known: names.toSorted() }
  const kept = secretsOfNode(id).flatMap((name): [string, Json][] => {
    const secret = member(before, name)
    return (member(bare, name) ?? null) === null && secret !== undefined ? [[name, secret]] : []
  })
  const given = Object.entries(bare).filter(
    ([name, value]) => value !== null || !Object.hasOwn(settings, name),
  )
  const document = Object.fromEntries([...given, ...kept])
  const problems = nodeProblems(settings, document)
  return problems.length > 0 ? { outcome: 'invalid', problems } : { outcome: 'taken', document }
}
