import type { Problem } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { findEndUser, updateEndUser } from '../../user/end-user.ts'
import type { Group } from '../../user/group.ts'
import { findGroup, membersOf } from '../../user/group.ts'
import { findUser } from '../of-user.ts'

/** Most members that a group is told, or told to have. */
export const mostMembers = 10_000

export interface Named {
  readonly groups: EndUser['groups']
  readonly problems: readonly Problem[]
}

/** The groups of these names as an account holds them. */
export async function groupsNamed(realm: Realm, names: readonly string[]): Promise<Named> {
  const found = await Promise.all(names.map((name) => findGroup(realm, name)))
  const problems = found.flatMap((group, i) =>
    group === undefined ? [{ path: `groups[${i}]`, text: 'is no group of the realm' }] : [],
  )
  const entries = found.flatMap((group) => group && [[group.name, group.id] as const])
  return { groups: Object.fromEntries(entries.filter((each) => each !== undefined)), problems }
}

/** The accounts somebody names by their ids or names, and what is wrong with the list. */
export async function membersNamed(
  realm: Realm,
  named: readonly string[],
): Promise<{ readonly subs: readonly string[]; readonly problems: readonly Problem[] }> {
  const found = await Promise.all(named.map((each) => findUser(realm, each)))
  const problems = found.flatMap((user, i) =>
    user === undefined
      ? [{ path: `members.uniqueMember[${i}]`, text: 'is no account of the realm' }]
      : [],
  )
  return { subs: found.flatMap((user) => user?.sub ?? []), problems }
}

/** Makes these, and nobody else, members of a group: one write for each that comes or goes. Tells which those were. */
export async function setMembers(
  realm: Realm,
  group: Group,
  subs: readonly string[],
): Promise<{ readonly added: readonly string[]; readonly removed: readonly string[] }> {
  const { name, id } = group
  const wanted = new Set(subs)
  const [added, removed]: [string[], string[]] = [[], []]
  for (const sub of await membersOf(realm, group, Number.POSITIVE_INFINITY)) {
    if (wanted.has(sub)) continue
    await updateEndUser(realm, sub, (user) => without(user, name))
    removed.push(sub)
  }
  for (const sub of wanted) {
    if ((await findEndUser(realm, sub))?.groups[name] === id) continue
    await updateEndUser(realm, sub, (user) => ({ ...user, groups: { ...user.groups, [name]: id } }))
    added.push(sub)
  }
  return { added, removed }
}

function without(user: EndUser, name: string): EndUser {
  const { [name]: _, ...groups } = user.groups
  return { ...user, groups }
}
