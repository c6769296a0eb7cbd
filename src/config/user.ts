import { forgetUser } from '../authorization/applications.ts'
import type { JsonObject } from '../base/json.ts'
import { event } from '../base/log.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Realm } from '../realm/realm.ts'
import { lost, untilSaved } from '../store/update.ts'
import type { StoredEndUser, Written } from '../user/account/account.ts'
import {
  completeEndUser,
  deleteEndUser,
  insertEndUser,
  readByUsername,
  readEndUser,
  replaceEndUser,
} from '../user/account/account.ts'
import { isSub } from '../user/account/key.ts'
import { attributes } from '../user/attribute.ts'
import { shownAttributes } from '../user/attribute-values.ts'
import type { EndUser } from '../user/end-user.ts'
import { removeEndUser } from '../user/end-user.ts'
import { groupsOf } from '../user/group.ts'
import { noteOf, withNotes } from '../user/notes.ts'
import { isTheirOwn } from './authority.ts'
import { changesTold } from './difference.ts'
import type { Change, Item, Kind, Saved } from './kind.ts'
import { inRealm } from './kind.ts'
import { isUnproven, notAllowed } from './user/allowed.ts'
import { readUserInput, userNames, userSchema } from './user/input.ts'
import { nextOf } from './user/next.ts'
import { listUsers } from './user/query.ts'
import { isOfAnotherKind, somebodyElse } from './user/subject.ts'

/**
 * The accounts of a realm (PingAM: rest-api-crest-users; identities). An id is the account's `sub`, a
 * UUID; whoever has only the name may give that instead. What a body leaves out stays as it is.
 */
export const userKind: Kind = {
  name: 'user',
  member: 'users',
  named: 'username',
  backup: {
    schema: {
      properties: {
        passwordHash: { type: 'string', writeOnly: true, description: 'As it is stored.' },
        devices: { type: 'object', writeOnly: true, description: 'Second factors and passkeys.' },
        notes: { type: 'object', writeOnly: true, description: 'What journeys note of it.' },
      },
    },
    async read(realm, id) {
      const { password = '', devices, notes } = (await storedOf(realm, id))?.user ?? {}
      const kept = {
        ...(password === '' ? {} : { passwordHash: password }),
        ...(devices === undefined ? {} : { devices }),
        ...(notes === undefined ? {} : { notes }),
      }
      return Object.keys(kept).length === 0 ? undefined : kept
    },
  },
  schema: userSchema,
  list: (realm, query) =>
    listUsers(realm, query, { read: (sub) => userKind.read(realm, sub), shown: shownItem }),
  async read(realm, id) {
    const stored = await storedOf(realm, id)
    return stored && itemOf(realm, stored)
  },
  show: (value) => (Object.keys(value).length === 0 ? template : value),

  save(realm, id, input, change) {
    const { wanted, problems, unknown } = readUserInput(input, change.trusted === true)
    const named = id === '' ? (wanted.username ?? '') : id
    return untilSaved('an account', inRealm(realm, named), async () => {
      const before = await storedOf(realm, named)
      const obstacle = change.condition.obstacle(before && revOf(before))
      if (obstacle !== undefined) return { outcome: obstacle }
      const forbidden = notAllowed(wanted, before?.user, change)
      if (forbidden !== undefined) return { outcome: 'forbidden', problem: forbidden }
      if (unknown.length > 0) return { outcome: 'unknown', paths: unknown, known: userNames() }
      const next = await nextOf(realm, named, wanted, before?.user, isUnproven(change))
      const wrong = [...problems, ...next.problems]
      // Somebody may have made the account meanwhile: then it is that one which is changed, or in the way.
      if (wrong.length > 0 && before === undefined && (await storedOf(realm, named)) !== undefined)
        return lost
      if (wrong.length > 0) return { outcome: 'invalid', problems: wrong }
      return write(realm, before, withNotesOf(next.user, change), change)
    })
  },

  remove(realm, id, change) {
    const { by, condition } = change
    return untilSaved('an account', inRealm(realm, id), async () => {
      const stored = await storedOf(realm, id)
      const obstacle = condition.obstacle(stored && revOf(stored))
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined) return { outcome: 'absent' }
      const { user } = stored
      if (isTheirOwn(change, realm, { sub: user.sub, realm: realm.path }))
        return { outcome: 'refused', problem: ownAccount }
      const item = await itemOf(realm, stored)
      if (!(await deleteEndUser(realm, stored))) return lost
      await forgetUser(realm, user.sub)
      const changes = changesTold(item.value, undefined, { personal: isPersonal })
      event('user.deleted', { realm: realm.path, sub: user.sub, by, changes })
      return { outcome: 'removed', item }
    })
  },
}

/** Else nobody might be left who can undo it. */
const ownAccount: Problem = { path: '', text: 'nobody removes their own account' }

async function storedOf(realm: Realm, id: string): Promise<StoredEndUser | undefined> {
  const stored = await readEndUser(realm, id)
  if (stored !== undefined || isSub(id)) return stored
  return readByUsername(realm, id)
}

async function itemOf(realm: Realm, { user, version }: StoredEndUser): Promise<Item> {
  const { username, status, attributes: kept, roles } = user
  const groups = await groupsOf(realm, user)
  const value = {
    username,
    inetUserStatus: [status],
    ...shownAttributes(kept),
    ...(roles.length === 0 ? {} : { roles }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(noteOf(user, 'mustChangePassword') === true ? { pwdReset: ['true'] } : {}),
  }
  return { id: user.sub, rev: revOf({ version }), value }
}

function withNotesOf(user: EndUser, { notes }: Change): EndUser {
  return notes === undefined ? user : withNotes(user, notes(user))
}

function revOf({ version }: Pick<StoredEndUser, 'version'>): string {
  return String(version)
}

function shownItem({ value }: Item): JsonObject {
  return value
}

/** Whoever was first with it is found by it now. */
const tookAddress: Problem = {
  path: 'mail',
  text: 'has become somebody else’s since it was looked up',
  policy: { policyRequirement: 'UNIQUE' },
}

const template: JsonObject = {
  username: '',
  inetUserStatus: ['Active'],
  ...Object.fromEntries(attributes.map(({ name }) => [name, []])),
  roles: [],
  groups: [],
  pwdReset: ['false'],
}

/** What an account may do is the operator's; all else is about somebody. */
const ofOperators: ReadonlySet<string> = new Set(['inetUserStatus', 'roles', 'groups', 'pwdReset'])

function isPersonal(path: string): boolean {
  return !ofOperators.has(path)
}

async function write(
  realm: Realm,
  before: StoredEndUser | undefined,
  user: EndUser,
  { by, condition, seen }: Change,
): Promise<Saved | typeof lost> {
  if (user === before?.user) {
    await completeEndUser(realm, user)
    return { outcome: 'updated', item: await itemOf(realm, before) }
  }
  const created = before === undefined
  const written: Written = await (created
    ? insertEndUser(realm, user, seen)
    : replaceEndUser(realm, before, user))
  if (written === 'late') return { outcome: 'invalid', problems: [tookAddress] }
  if (written !== 'won') return condition.strict && !created ? { outcome: 'stale' } : lost
  if (created && (await isOfAnotherKind(realm, 'user', user.sub))) {
    await removeEndUser(realm, user)
    return somebodyElse
  }
  const after = await readEndUser(realm, user.sub)
  if (after === undefined) return { outcome: 'absent' }
  const item = await itemOf(realm, after)
  const was = before && (await itemOf(realm, before)).value
  const secrets = before?.user.password === user.password ? [] : ['userpassword']
  const changes = changesTold(was, item.value, { secrets, personal: isPersonal })
  event('user.saved', { realm: realm.path, sub: user.sub, created, by, changes })
  return { outcome: created ? 'created' : 'updated', item }
}
