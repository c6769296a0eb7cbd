import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import { attributeOf, attributes } from '../../user/attribute.ts'
import type { Item, Kind } from '../kind.ts'
import { userKind } from '../user.ts'

/** What every managed user has, in PingIDM's order; null where nothing is set. */
const plain = [
  'givenName',
  'sn',
  'mail',
  'telephoneNumber',
  'postalAddress',
  'city',
  'stateProvince',
  'postalCode',
  'country',
  'displayName',
  'description',
  'profileImage',
] as const

/** What PingIDM shows of features that are not here: as of somebody who has nothing of them. */
const empty: JsonObject = {
  preferences: null,
  kbaInfo: [],
  consentedMappings: [],
  activeDate: null,
  inactiveDate: null,
  activateAccount: null,
  expireAccount: null,
  passwordLastChangedTime: null,
  passwordExpirationTime: null,
  memberOfOrgIDs: [],
  effectiveRoles: [],
  effectiveGroups: [],
  effectiveAssignments: [],
  effectiveApplications: [],
}

const lists: ReadonlySet<string> = new Set(['aliasList'])

/** An account as a managed user: values that are plain, not lists of texts; the password in no form. */
export function managedUser({ value }: Item): JsonObject {
  const set = attributes.flatMap(({ name, managed, read }): [string, Json][] => {
    const all = member(value, name)
    if (!Array.isArray(all)) return []
    const values = (all as readonly Json[]).map((each) => read(each) ?? each)
    return [[managed, lists.has(managed) ? values : (values[0] ?? null)]]
  })
  const [status] = member(value, 'inetUserStatus') as readonly string[]
  return {
    userName: member(value, 'username') as string,
    ...Object.fromEntries(plain.map((name) => [name, null])),
    aliasList: [],
    ...Object.fromEntries(set),
    accountStatus: String(status).toLowerCase(),
    ...(member(value, 'pwdReset') === undefined ? {} : { pwdReset: true }),
    ...empty,
  }
}

/** What PingIDM wants every user to have. */
export const requiredOfManaged = ['userName', 'givenName', 'sn', 'mail'] as const

type Wanted = (input: JsonObject, before: JsonObject) => JsonObject

/** What a body says: what is to be another, or all that is to be. */
const bodies = {
  part: (input) => input,
  whole: (input, before) => {
    const gone = Object.keys(before).filter((name) => name !== 'accountStatus')
    return { ...Object.fromEntries(gone.map((name) => [name, null])), ...input }
  },
} as const satisfies Record<string, Wanted>

/** The kind `user` as managed users are written (PingIDM: managed user; AIC keeps people there). */
export function asManaged(body: keyof typeof bodies): Kind {
  return { ...userKind, save: saving(bodies[body]) }
}

function saving(wanted: Wanted): Kind['save'] {
  return async (realm, id, input, change) => {
    const item = id === '' ? undefined : await userKind.read(realm, id)
    const obstacle = change.condition.obstacle(item?.rev)
    if (obstacle !== undefined) return { outcome: obstacle }
    const before = item === undefined ? {} : managedUser(item)
    const changed = changes(wanted(input, before), before)
    const missing = requiredOfManaged.filter((name) =>
      item === undefined || Object.hasOwn(changed, name) ? isEmpty(member(changed, name)) : false,
    )
    if (missing.length > 0) return { outcome: 'invalid', problems: missing.map(isRequired) }
    return userKind.save(realm, id, changed, change)
  }
}

/**
 * What is not as it is shown already: so that one value of several that is sent back as it was takes
 * nothing from the others, and what is empty here may be sent back, too.
 */
function changes(input: JsonObject, before: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) =>
        !(attributeOf(name)?.many && isDeepStrictEqual(member(before, name), value)) &&
        !(Object.hasOwn(empty, name) && isEmpty(value)),
    ),
  )
}

function isEmpty(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === undefined || value === null || value === ''
}

function isRequired(path: string): Problem {
  return { path, text: 'must be given', policy: { policyRequirement: 'REQUIRED' } }
}
