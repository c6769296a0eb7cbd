import { isDeepStrictEqual } from 'node:util'
import { argon2Hash } from '../../base/argon2.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { Realm } from '../../realm/realm.ts'
import { first, isTaken } from '../../user/account/account.ts'
import { isSub } from '../../user/account/key.ts'
import type { Attribute } from '../../user/attribute.ts'
import { attributeOf, attributes } from '../../user/attribute.ts'
import { valuesOf, withValues } from '../../user/attribute-values.ts'
import { afterChange } from '../../user/counters.ts'
import type { EndUser } from '../../user/end-user.ts'
import { newUuid } from '../../user/end-user.ts'
import {
  nameInPassword,
  passwordHashProblem,
  passwordProblem,
} from '../../user/new-password/new-password.ts'
import { withNotes, withoutPasswordNotes } from '../../user/notes.ts'
import { fitNameIs, isFitName, plainUsername } from '../../user/username.ts'
import { verifyHash } from '../../user/verify-hash.ts'
import type { UserInput } from './input.ts'
import { groupsNamed } from './membership.ts'
import { isOfAnotherKind } from './subject.ts'

interface Next {
  readonly user: EndUser
  readonly problems: readonly Problem[]
}

/** What the account becomes, and everything that stands against it. */
export async function nextOf(
  realm: Realm,
  id: string,
  wanted: UserInput,
  before: EndUser | undefined,
  unproven: boolean,
): Promise<Next> {
  const username = wanted.username ?? before?.username ?? (isSub(id) ? '' : id)
  const base = before ?? fresh(realm, id, username)
  const secret = await passwordOf(realm, wanted, base, username)
  const wantedGroups = wanted.groups && (await groupsNamed(realm, wanted.groups))
  const problems = [
    ...(await idProblems(realm, id, before)),
    ...(await nameProblems(realm, id, username, before)),
    ...secret.problems,
    ...(wantedGroups?.problems ?? []),
  ]
  const { status = base.status, roles = base.roles } = wanted
  const all = before === undefined ? named(wanted.values, username) : wanted.values
  const kept = withoutStale(
    all.reduce((values, [row, more]) => withValues(values, row, more), base.attributes),
    base.attributes,
    ...([all, unproven] as const),
  )
  const { password } = secret
  const { groups } = wantedGroups ?? base
  const settled = {
    ...{ ...base, ...ofBackup(wanted, base) },
    ...{ username, status, roles, groups, attributes: kept, password },
  }
  const changed = before === undefined ? settled : afterChange(realm, before, settled)
  const user = withReset(changed, before, wanted, unproven)
  return { user: isDeepStrictEqual(user, before) && before ? before : user, problems }
}

/** What an account has counted since is newer than any backup: only one that has nothing takes what was saved of it. */
function ofBackup(
  { devices, notes }: UserInput,
  base: EndUser,
): Pick<EndUser, 'devices' | 'notes'> {
  return {
    ...(devices === undefined || base.devices !== undefined ? {} : { devices }),
    ...(notes === undefined || base.notes !== undefined ? {} : { notes }),
  }
}

/** Whether the password has to be another one: as it is said; else as it was, until its user has chosen one. */
function withReset(
  user: EndUser,
  before: EndUser | undefined,
  { mustChange }: UserInput,
  unproven: boolean,
): EndUser {
  const other = before !== undefined && before.password !== user.password
  const after = other ? withoutPasswordNotes(user, unproven) : user
  return mustChange === undefined
    ? after
    : withNotes(after, { mustChangePassword: mustChange || undefined })
}

/**
 * A mail address or number that was somebody's proves nothing about another one: unless it is said again, it is gone.
 * Of one that nobody but its user says to be theirs it is said that it is not proven.
 */
function withoutStale(
  kept: EndUser['attributes'],
  before: EndUser['attributes'],
  said: UserInput['values'],
  unproven: boolean,
): EndUser['attributes'] {
  const stale = attributes.filter((row) => {
    const about = row.of === undefined ? undefined : attributeOf(row.of)
    if (about === undefined || said.some(([each]) => each === row)) return false
    return valuesOf(kept, about)[0] !== valuesOf(before, about)[0]
  })
  return stale.reduce((values, row) => {
    const there = valuesOf(kept, attributeOf(row.of ?? '') as Attribute).length > 0
    return withValues(values, row, unproven && there ? [false] : [])
  }, kept)
}

/**
 * A new account. Whoever gives it an id may give it one that another had: what hung on that one is not this one's (C-37),
 * so its counter begins where no other's stood, and ID tokens of before are no hints at it.
 */
function fresh(realm: Realm, id: string, username: string): EndUser {
  const account = { username, status: 'Active', password: '', attributes: {}, roles: [] } as const
  if (!isSub(id)) return { sub: newUuid(realm.random), ...account, ...first }
  const epoch = realm.random(5).readUIntBE(0, 5)
  return { sub: id, ...account, ...first, epoch, grantEpoch: epoch, since: realm.now() }
}

/** Without `sn` and `cn` the user name stands there, as in PingAM. */
function named(values: UserInput['values'], username: string): UserInput['values'] {
  const said = (name: string): string | undefined => {
    const value = values.find(([row]) => row.name === name)?.[1][0]
    return typeof value === 'string' ? value : undefined
  }
  const [given, family = username] = ['givenName', 'sn'].map(said)
  const whole = given === undefined || said('sn') === undefined ? username : `${given} ${family}`
  const usual: Readonly<Record<string, string>> = { sn: family, cn: said('cn') ?? whole }
  const missing = attributes.filter(
    ({ name }) => Object.hasOwn(usual, name) && said(name) === undefined,
  )
  return [...values, ...missing.map((row) => [row, [usual[row.name] as string]] as const)]
}

async function idProblems(
  realm: Realm,
  id: string,
  before: EndUser | undefined,
): Promise<readonly Problem[]> {
  const taken = before === undefined && isSub(id) && (await isOfAnotherKind(realm, 'user', id))
  return taken ? [{ path: '_id', text: 'is somebody else’s' }] : []
}

export async function nameProblems(
  realm: Realm,
  id: string,
  username: string,
  before: EndUser | undefined,
): Promise<readonly Problem[]> {
  const problem = (text: string, policyRequirement = 'VALID_USERNAME'): readonly Problem[] => [
    { path: 'username', text, policy: { policyRequirement } },
  ]
  if (username === '') return problem('must be given', 'REQUIRED')
  if (username === before?.username) return []
  if (!isFitName(username)) return problem(`must be ${fitNameIs}`)
  if (!isSub(id) && plainUsername(id) !== plainUsername(username))
    return problem('must be the one in the path')
  if (isSub(plainUsername(username))) return problem('must not be a UUID')
  const own = before !== undefined && plainUsername(before.username) === plainUsername(username)
  return !own && (await isTaken(realm, username, before?.sub))
    ? problem('is taken, or can be nobody’s', 'UNIQUE')
    : []
}

/**
 * What to store for a password. The one that is stored already is left as it is, with all that hangs on it; of the rules it
 * meets only the one that a new name could break. Where it is not given, a new name is not tried against its hash: who may
 * give names could so guess at passwords, and nothing would count that.
 */
async function passwordOf(
  realm: Realm,
  { password, passwordHash }: UserInput,
  base: EndUser,
  username: string,
): Promise<{ readonly password: string; readonly problems: readonly Problem[] }> {
  const stored = base.password
  if (password !== undefined && passwordHash !== undefined)
    return wrong('passwordHash', 'must not stand beside a password')
  if (passwordHash !== undefined) {
    const text = passwordHashProblem(passwordHash)
    return text === undefined
      ? { password: passwordHash, problems: [] }
      : wrong('passwordHash', text)
  }
  if (password === undefined) return { password: stored, problems: [] }
  if (stored !== '' && (await verifyHash(stored, password))) {
    const isSame = plainUsername(username) === plainUsername(base.username)
    return { password: stored, problems: isSame ? [] : nameInPassword(realm, password, username) }
  }
  const problem = passwordProblem(realm, password, username)
  if (problem !== undefined) return { password: '', problems: [problem] }
  return { password: await argon2Hash(password, realm.random(16), realm.hashCost), problems: [] }
}

function wrong(path: string, text: string): { password: string; problems: readonly Problem[] } {
  return { password: '', problems: [{ path, text }] }
}
