import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { event } from '../base/log.ts'
import type { Problem } from '../protocol/problem.ts'
import type { JsonSchema } from '../protocol/schema.ts'
import type { Realm } from '../realm/realm.ts'
import { lost, untilSaved } from '../store/update.ts'
import type { Attribute } from '../user/attribute.ts'
import { attributeOf } from '../user/attribute.ts'
import { readValues, valuesSchema } from '../user/attribute-values.ts'
import type { Group, StoredGroup } from '../user/group.ts'
import { canBeGroup, deleteGroup, groupNames, readGroup, writeGroup } from '../user/group.ts'
import { fitNameIs, fitNamePattern, isFitName } from '../user/username.ts'
import { changesTold } from './difference.ts'
import type { Change, Item, Kind, Saved } from './kind.ts'
import { inRealm } from './kind.ts'
import { idsAsked, listWhole } from './query.ts'
import { membersNamed, mostMembers, setMembers } from './user/membership.ts'

/** Read like that of an account. */
const description = attributeOf('description') as Attribute

const about = {
  username: 'The name of the group, which is its id.',
  description: 'What it is for.',
} as const

/**
 * The groups of a realm (PingAM: rest-api-crest-groups), by their names. Who is in one stands with the
 * accounts (`groups`); a body may also say it here (`members`), all of it.
 */
export const groupKind: Kind = {
  name: 'group',
  member: 'groups',
  named: 'username',
  schema: (): JsonSchema => ({
    type: 'object',
    properties: {
      username: {
        ...{ type: 'string', maxLength: 128, pattern: fitNamePattern },
        description: about.username,
      },
      description: { ...valuesSchema(description), description: about.description },
    },
    additionalProperties: false,
  }),
  async list(realm, query) {
    const read = (name: string): Promise<Item | undefined> => groupKind.read(realm, name)
    const ids = idsAsked(query, await groupNames(realm))
    return listWhole(query, ids, read, ({ value }) => value)
  },
  read: async (realm, id) => itemOf(await readGroup(realm, id)),
  show: ({ username = '', description = [] }) => ({ username, description }),

  async save(realm, id, input, change) {
    const name = id === '' ? member(input, 'username') : id
    const { description, members, problems, unknown } = readInput(input, name)
    if (unknown.length > 0)
      return { outcome: 'unknown', paths: unknown, known: [...Object.keys(about), 'members'] }
    const named = members && (await membersNamed(realm, members))
    const wrong = [...problems, ...(named?.problems ?? [])]
    if (typeof name !== 'string' || !canBeGroup(realm, name))
      wrong.push({ path: 'username', text: 'must be text without , / and \\' })
    else if (!isFitName(name) && (await readGroup(realm, name)) === undefined) {
      wrong.push({ path: 'username', text: `must be ${fitNameIs}` })
    }
    if (wrong.length > 0) return { outcome: 'invalid', problems: wrong }
    const saved = await write(realm, name as string, description, change)
    const stored = 'item' in saved ? await readGroup(realm, saved.item.id) : undefined
    if (stored !== undefined && named !== undefined)
      await changeMembers(realm, stored.group, named.subs, change)
    return saved
  },

  remove(realm, id, { by, condition }) {
    return untilSaved('a group', inRealm(realm, id), async () => {
      const stored = await readGroup(realm, id)
      const item = itemOf(stored)
      const obstacle = condition.obstacle(item?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined || item === undefined) return { outcome: 'absent' }
      if (!(await deleteGroup(realm, stored))) return lost
      const changes = changesTold(described(stored), undefined)
      event('group.deleted', { realm: realm.path, group: item.id, by, changes })
      return { outcome: 'removed', item }
    })
  },
}

function itemOf(stored: StoredGroup): Item
function itemOf(stored: StoredGroup | undefined): Item | undefined
function itemOf(stored: StoredGroup | undefined): Item | undefined {
  if (stored === undefined) return undefined
  const { name, description } = stored.group
  const value = { username: name, ...(description.length === 0 ? {} : { description }) }
  return { id: name, rev: String(stored.version), value }
}

/** Of a group that may be another text afterwards. */
function described({ group }: StoredGroup): JsonObject {
  return { description: group.description }
}

interface Input {
  readonly description: readonly string[] | undefined
  readonly members: readonly string[] | undefined
  readonly problems: Problem[]
  readonly unknown: readonly string[]
}

/** What AM shows beside what can be set. */
const derived = 'cn dn objectclass universalid realm'.split(' ')

function readInput(input: JsonObject, name: Json | undefined): Input {
  const problems: Problem[] = []
  const members = member(input, 'members')
  const inside = isObject(members) ? member(members, 'uniqueMember') : members
  const known = ['username', 'description', 'members', 'uniqueMember', 'privileges']
  const unknown = Object.keys(input).filter(
    (each) =>
      !each.startsWith('_') && !known.includes(each) && !derived.includes(each.toLowerCase()),
  )
  const username = member(input, 'username') ?? name
  if (
    typeof username !== 'string' ||
    typeof name !== 'string' ||
    username.toLowerCase() !== name.toLowerCase()
  )
    problems.push({ path: 'username', text: 'must be the name of the group' })
  const privileges = member(input, 'privileges')
  if (isObject(privileges) && Object.values(privileges).includes(true))
    problems.push({
      path: 'privileges',
      text: 'are not given by groups: administrators have the role "admin"',
    })
  const says = member(input, 'description')
  const read = says === undefined ? undefined : readValues(description, says)
  if (read !== undefined && 'path' in read) problems.push(read)
  const users = inside ?? member(input, 'uniqueMember')
  const named = users === undefined ? undefined : membersOf(users)
  if (named === null) {
    const text = `must be a list of at most ${mostMembers} texts`
    problems.push({ path: 'members.uniqueMember', text })
  }
  return {
    description: read === undefined || 'path' in read ? undefined : read.map(String),
    members: named ?? undefined,
    problems,
    unknown,
  }
}

/** Null for what is no list of texts, or too long a one. */
function membersOf(value: Json): readonly string[] | null {
  const all: readonly Json[] = value === null ? [] : Array.isArray(value) ? value : [value]
  const texts = all.filter((each) => typeof each === 'string')
  return texts.length === all.length && all.length <= mostMembers ? texts : null
}

async function changeMembers(
  realm: Realm,
  group: Group,
  subs: readonly string[],
  { by }: Change,
): Promise<void> {
  const { added, removed } = await setMembers(realm, group, subs)
  if (added.length + removed.length === 0) return
  event('group.members', { realm: realm.path, group: group.name, added, removed, by })
}

function write(
  realm: Realm,
  name: string,
  description: readonly string[] | undefined,
  { by, condition }: Change,
): Promise<Saved> {
  return untilSaved('a group', inRealm(realm, name), async () => {
    const before = await readGroup(realm, name)
    const obstacle = condition.obstacle(itemOf(before)?.rev)
    if (obstacle !== undefined) return { outcome: obstacle }
    const next = description ?? before?.group.description ?? []
    const same = String(next) === String(before?.group.description)
    if (before !== undefined && same) return { outcome: 'updated', item: itemOf(before) }
    const won = await writeGroup(
      realm,
      { name: before?.group.name ?? name, description: next },
      before,
    )
    const after = won ? await readGroup(realm, name) : undefined
    if (after === undefined) return condition.strict ? { outcome: 'stale' } : lost
    const created = before === undefined
    const item = itemOf(after)
    const changes = changesTold(before && described(before), described(after))
    event('group.saved', { realm: realm.path, group: item.id, created, by, changes })
    return { outcome: created ? 'created' : 'updated', item }
  })
}
