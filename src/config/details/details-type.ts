import { hash } from 'node:crypto'
import type { JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { DetailsTypeRecord } from '../../details/type.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import { realmKey } from '../../realm/realm.ts'
import type { StoredRealm } from '../../realm/realms.ts'
import { readRealm } from '../../realm/realms.ts'
import { saveDetailsTypes } from '../../realm/record.ts'
import { lost, untilSaved } from '../../store/update.ts'
import { changesTold } from '../difference.ts'
import type { Item, Kind } from '../kind.ts'
import { idsAsked, listWhole } from '../query.ts'
import { detailsTypeSchema, detailsTypeTemplate, readDetailsTypeInput } from './input.ts'

/** How many a realm has, and their characters together: every process holds all of them. */
const most = { types: 100, characters: 262_144 } as const

/**
 * The types of authorization details of a realm (RFC 9396 §2), by their `type`. Our own; PingAM leaves them to a remote
 * consent service.
 */
export const detailsTypeKind: Kind = {
  name: 'authorization-details-type',
  member: 'authorizationDetailsTypes',
  named: 'type',
  schema: () => detailsTypeSchema,
  async list(realm, query) {
    const types = typesIn(await readRealm(realm))
    const items = new Map(types.map((type) => [type.type, itemOf(type)]))
    const ids = idsAsked(query, [...items.keys()].sort())
    return listWhole(
      query,
      ids,
      async (id) => items.get(id),
      ({ value }) => value,
    )
  },
  async read(realm, id) {
    const found = typesIn(await readRealm(realm)).find(({ type }) => type === id)
    return found && itemOf(found)
  },
  show: (value) => ({ ...detailsTypeTemplate, ...value }),

  async save(realm, id, input, { by, condition }) {
    const named = id === '' ? member(input, 'type') : id
    const { wanted, problems, unknown } = readDetailsTypeInput(
      typeof named === 'string' ? named : '',
      input,
    )
    if (unknown.length > 0)
      return { outcome: 'unknown', paths: unknown, known: Object.keys(detailsTypeTemplate) }
    if (problems.length > 0) return { outcome: 'invalid', problems }
    return untilSaved('a realm', realmKey(realm.path), async () => {
      const stored = await readRealm(realm)
      const before = typesIn(stored).find(({ type }) => type === wanted.type)
      const obstacle = condition.obstacle(before && itemOf(before).rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined) return { outcome: 'absent' }
      const item = itemOf(wanted)
      if (before !== undefined && itemOf(before).rev === item.rev)
        return { outcome: 'updated', item }
      const types = [...typesIn(stored).filter((type) => type !== before), wanted]
      const full = tooMany(types)
      if (full !== undefined) return { outcome: 'invalid', problems: [full] }
      if (!(await saveDetailsTypes(realm, stored, types)))
        return condition.strict ? { outcome: 'stale' } : lost
      const created = before === undefined
      eventOf(realm, { type: wanted.type, created, by }, before, wanted)
      return { outcome: created ? 'created' : 'updated', item }
    })
  },

  remove(realm, id, { by, condition }) {
    return untilSaved('a realm', realmKey(realm.path), async () => {
      const stored = await readRealm(realm)
      const before = typesIn(stored).find(({ type }) => type === id)
      const obstacle = condition.obstacle(before && itemOf(before).rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined || before === undefined) return { outcome: 'absent' }
      const left = typesIn(stored).filter((type) => type !== before)
      if (!(await saveDetailsTypes(realm, stored, left))) return lost
      eventOf(realm, { type: id, by }, before, undefined)
      return { outcome: 'removed', item: itemOf(before) }
    })
  },
}

function typesIn(stored: StoredRealm | undefined): readonly DetailsTypeRecord[] {
  return stored?.record.detailsTypes ?? []
}

function itemOf(record: DetailsTypeRecord): Item {
  const text = JSON.stringify(record)
  return {
    id: record.type,
    rev: hash('sha256', text, 'base64url').slice(0, 22),
    value: valueOf(record),
  }
}

/** What is empty was not said. */
function valueOf({ type, displayName, consentText, schema }: DetailsTypeRecord): JsonObject {
  return {
    type,
    ...(displayName.length === 0 ? {} : { displayName }),
    ...(consentText.length === 0 ? {} : { consentText }),
    ...(Object.keys(schema).length === 0 ? {} : { schema }),
  }
}

function tooMany(types: readonly DetailsTypeRecord[]): Problem | undefined {
  if (types.length > most.types)
    return { path: '', text: `a realm has at most ${most.types} types` }
  if (JSON.stringify(types).length <= most.characters) return undefined
  return {
    path: '',
    text: `the types of a realm have at most ${most.characters} characters together`,
  }
}

/** What was written, and by whom. */
interface About {
  readonly type: string
  /** Only of one that was saved. */
  readonly created?: boolean
  readonly by: string
}

function eventOf(
  { path: realm }: Realm,
  about: About,
  before: DetailsTypeRecord | undefined,
  after: DetailsTypeRecord | undefined,
): void {
  const { type, created, by } = about
  const changes = changesTold(before && valueOf(before), after && valueOf(after))
  if (after !== undefined) event('details_type.saved', { realm, type, created, by, changes })
  else event('details_type.deleted', { realm, type, by, changes })
}
