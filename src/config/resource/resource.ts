import { isDeepStrictEqual } from 'node:util'
import { event } from '../../base/log.ts'
import type { StoredResource } from '../../client/resource/resource.ts'
import {
  deleteResource,
  readResource,
  resourcesIn,
  writeResource,
} from '../../client/resource/resource.ts'
import { lost, untilSaved } from '../../store/update.ts'
import { changesTold } from '../difference.ts'
import type { Item, Kind } from '../kind.ts'
import { inRealm } from '../kind.ts'
import { idsAsked, listWhole } from '../query.ts'
import { readResourceInput, resourceSchema, resourceTemplate, valueOf } from './input.ts'

/**
 * The resources of a realm that access tokens can be for (RFC 8707), by their identifiers; PingAM has none. What a
 * body leaves out is as in a new one.
 */
export const resourceKind: Kind = {
  name: 'resource',
  member: 'resources',
  named: 'identifier',
  schema: () => resourceSchema,
  async list(realm, query) {
    const ids = idsAsked(
      query,
      (await resourcesIn(realm)).map(({ identifier }) => identifier),
    )
    const read = async (id: string): Promise<Item | undefined> =>
      itemOf(await readResource(realm, id))
    return listWhole(query, ids, read, ({ value }) => ({ ...resourceTemplate, ...value }))
  },
  read: async (realm, id) => itemOf(await readResource(realm, id)),
  show: (value) => ({ ...resourceTemplate, ...value }),

  save(realm, id, input, { by, condition }) {
    return untilSaved('a resource', inRealm(realm, id), async () => {
      const { wanted, problems, unknown } = readResourceInput(id, input)
      if (unknown.length > 0)
        return { outcome: 'unknown', paths: unknown, known: Object.keys(resourceTemplate) }
      if (problems.length > 0) return { outcome: 'invalid', problems }
      const before = await readResource(realm, wanted.identifier)
      const obstacle = condition.obstacle(itemOf(before)?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (before !== undefined && isDeepStrictEqual(wanted, before.resource))
        return { outcome: 'updated', item: itemOf(before) }
      const won = await writeResource(realm, wanted, before)
      const after = won ? await readResource(realm, wanted.identifier) : undefined
      if (after === undefined) return condition.strict ? { outcome: 'stale' } : lost
      const created = before === undefined
      const item = itemOf(after)
      const changes = changesTold(itemOf(before)?.value, item.value)
      event('resource.saved', { realm: realm.path, resource: item.id, created, by, changes })
      return { outcome: created ? 'created' : 'updated', item }
    })
  },

  remove(realm, id, { by, condition }) {
    return untilSaved('a resource', inRealm(realm, id), async () => {
      const stored = await readResource(realm, id)
      const item = itemOf(stored)
      const obstacle = condition.obstacle(item?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined || item === undefined) return { outcome: 'absent' }
      if (!(await deleteResource(realm, stored))) return lost
      const changes = changesTold(item.value, undefined)
      event('resource.deleted', { realm: realm.path, resource: item.id, by, changes })
      return { outcome: 'removed', item }
    })
  },
}

function itemOf(stored: StoredResource): Item
function itemOf(stored: StoredResource | undefined): Item | undefined
function itemOf(stored: StoredResource | undefined): Item | undefined {
  if (stored === undefined) return undefined
  const { resource, version } = stored
  return { id: resource.identifier, rev: String(version), value: valueOf(resource) }
}
