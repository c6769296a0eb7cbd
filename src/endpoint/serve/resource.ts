import type { HttpRequest, HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import type { Change, Item, Kind, Obstacle, Removed, Saved } from '../../config/kind.ts'
import { onlyNew } from '../../config/kind.ts'
import { listPage } from '../../config/page/list-page.ts'
import { readQuery } from '../../protocol/parameter.ts'
import type { Problem } from '../../protocol/problem.ts'
import { problemLine } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import { crestError, crestResource, invalidAttribute, invalidValues } from './crest.ts'
import type { CollectionQuery } from './crest-query.ts'
import { crestList, pick, readCollectionQuery, readFields } from './crest-query.ts'
import { readJsonDocument } from './json-body.ts'

/** How objects look in lists, in one API. */
export interface ListView {
  readonly kind: Pick<Kind, 'name' | 'list'>
  /** An object in a list; without `_id` and `_rev`. */
  readonly listed: (item: Item) => JsonObject
  /** What members are that are not there, where `_fields` names them. */
  readonly defaults?: JsonObject
  /** Whether lists tell how many there are in all. */
  readonly counted: boolean
  /** What lists say is left; -1, not known, unless it is said. */
  readonly remaining?: 0
}

/** How a kind of object looks from outside, in one API. */
export interface View extends ListView {
  readonly kind: Kind
  /** One that is read alone. */
  readonly alone: (item: Item) => JsonObject
  /** How it refuses what an object may not be; absent: as AM does. */
  readonly refuse?: (problems: readonly Problem[]) => HttpResponse
}

/** Lists what a query asks for. */
export async function listResources(
  view: ListView,
  realm: Realm,
  http: HttpRequest,
  query: CollectionQuery = readCollectionQuery(readQuery(http)),
): Promise<HttpResponse> {
  const { kind, listed, counted, remaining } = view
  const found = await listPage(realm, kind, query)
  if (found.outcome === 'unsupported') return crestError(400, found.text)
  if (found.outcome === 'too-many') {
    return crestError(
      400,
      `No index serves this filter or order, and more than ${found.walked} entries would have to be read`,
    )
  }
  const result = found.items.map((item) =>
    picked(view, { _id: item.id, _rev: item.rev, ...listed(item) }, query.fields),
  )
  return crestList(result, found.cookie, counted ? found.total : undefined, remaining)
}

/** Reads one. */
export async function readResource(
  view: View,
  realm: Realm,
  http: HttpRequest,
  id: string,
): Promise<HttpResponse> {
  const item = await view.kind.read(realm, id)
  if (item === undefined) return crestError(404)
  const fields = readFields(readQuery(http))
  return crestResource(200, { ...picked(view, resourceOf(view, item), fields), _rev: item.rev })
}

/** Creates or replaces the one of this URL by the request's body. */
export async function putResource(
  view: View,
  realm: Realm,
  http: HttpRequest,
  id: string,
  change: Change,
): Promise<HttpResponse> {
  const saved = await view.kind.save(realm, id, readJsonDocument(http), change)
  return savedAnswer(view, saved, `${http.origin}${http.path}`)
}

/** What a request wants to be made: its id, what it is, and where it is found then. */
export interface Creation {
  readonly id: string
  readonly input: JsonObject
  readonly location: (id: string) => string
}

/** Creates one that is not there yet, as `_action=create` asks for; of two the second is in conflict. */
export async function createResource(
  view: View,
  realm: Realm,
  { id, input, location }: Creation,
  change: Change,
): Promise<HttpResponse> {
  const saved = await view.kind.save(realm, id, input, { ...change, condition: onlyNew })
  if (saved.outcome === 'exists' || saved.outcome === 'stale')
    return crestError(409, 'The resource exists already')
  return savedAnswer(view, saved, 'item' in saved ? location(saved.item.id) : '')
}

/** What to say of a write; `location`: where the object is, once it is new. */
export function savedAnswer(view: View, saved: Saved, location: string): HttpResponse {
  if (saved.outcome === 'unknown') return invalidAttribute(saved.known, saved.paths)
  if (saved.outcome === 'forbidden') return crestError(403, problemLine(saved.problem))
  if (saved.outcome === 'invalid')
    return view.refuse?.(saved.problems) ?? invalidValues(saved.problems.map(problemLine))
  if (saved.outcome !== 'created' && saved.outcome !== 'updated')
    return obstacleError(saved.outcome)
  const created = saved.outcome === 'created'
  const { unserved } = saved
  const beside = unserved === undefined ? {} : { parapet: { unserved } }
  return crestResource(
    created ? 201 : 200,
    { ...resourceOf(view, saved.item), ...beside },
    created ? { location } : {},
  )
}

/** Removes the one of this URL. */
export async function deleteResource(
  view: View,
  realm: Realm,
  id: string,
  change: Change,
): Promise<HttpResponse> {
  return removedAnswer(view, await view.kind.remove(realm, id, change))
}

function removedAnswer(view: View, removed: Removed): HttpResponse {
  if (removed.outcome === 'removed') return crestResource(200, resourceOf(view, removed.item))
  if (removed.outcome === 'forbidden') return crestError(403, problemLine(removed.problem))
  if (removed.outcome === 'refused') return crestError(409, problemLine(removed.problem))
  return obstacleError(removed.outcome)
}

const obstacles = {
  exists: [412, 'The resource exists already'],
  stale: [412, 'The resource has changed'],
  absent: [404, 'Not Found'],
} as const satisfies Record<Obstacle, readonly [number, string]>

function obstacleError(obstacle: Obstacle): HttpResponse {
  const [status, message] = obstacles[obstacle]
  return crestError(status, message)
}

function resourceOf(view: View, item: Item): JsonObject & { readonly _rev: string } {
  return { _id: item.id, _rev: item.rev, ...view.alone(item) }
}

function picked({ defaults }: ListView, shown: JsonObject, fields: readonly string[]): JsonObject {
  return fields.length === 0 ? shown : pick({ ...defaults, ...shown }, fields)
}

/** The one path segment that names a resource; undefined when it cannot name any. */
export function resourceName(rest: string): string | undefined {
  if (rest === '' || rest.includes('/')) return undefined
  try {
    return decodeURIComponent(rest)
  } catch {
    return undefined
  }
}

/** Where what is created by a request to its collection is from then on. */
export function locationIn({ origin, path }: HttpRequest, name: string): string {
  return `${origin}${path.replace(/\/$/, '')}/${encodeURIComponent(name)}`
}
