import type { Json, JsonObject } from '../../base/json.ts'
import { isObject } from '../../base/json.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { Read } from '../../protocol/setting.ts'
import { oneOf, reading, text, texts } from '../../protocol/setting.ts'
import { flag } from '../../user/attribute.ts'
import type { EndUser } from '../../user/end-user.ts'
import { isDevice, mostDevices } from '../../user/factor/device.ts'
import { shortestPassword } from '../../user/new-password/new-password.ts'
import { longestPassword } from '../../user/new-password/policy.ts'
import { isNote } from '../../user/notes.ts'
import { fitNamePattern } from '../../user/username.ts'
import type { UserInput } from './input.ts'

/** The only role there is. */
const theRole = 'admin'

const role = oneOf(theRole)

const mostRoles = 10

const roles: Read<readonly string[]> = reading(
  `a list of roles, of which there is only "${theRole}"`,
  { type: 'array', items: role.schema as JsonSchema, maxItems: mostRoles },
  (v) => {
    const all = Array.isArray(v) ? (v as readonly Json[]).map(role) : [undefined]
    return all.length > mostRoles || all.includes(undefined)
      ? undefined
      : ([...new Set(all)] as string[])
  },
)

const statuses: JsonSchema = { enum: ['Active', 'Inactive', 'active', 'inactive'] }

const status: Read<EndUser['status']> = reading(
  '"Active" or "Inactive"',
  // As it is shown, it is a list of one.
  { anyOf: [statuses, { type: 'array', items: statuses, minItems: 1, maxItems: 1 }] },
  (v) => {
    const lower = typeof v === 'string' ? v.toLowerCase() : undefined
    return (['Active', 'Inactive'] as const).find((each) => each.toLowerCase() === lower)
  },
)

const username: Read<string> = reading(
  'text of at most 256 characters',
  { type: 'string', minLength: 1, maxLength: 256, pattern: fitNamePattern },
  (v) => (typeof v === 'string' && v.length <= 256 ? v : undefined),
)

const password: Read<string> = reading(
  'text',
  { type: 'string', minLength: shortestPassword, maxLength: longestPassword },
  text,
)

const groups: Read<readonly string[]> = reading(
  'a list of at most 100 names of groups',
  { type: 'array', items: { type: 'string', maxLength: 128 }, maxItems: 100 },
  (v) => {
    const all = v === null ? [] : texts(v)
    return all === undefined || all.length > 100 ? undefined : [...new Set(all)]
  },
)

const devices: Read<NonNullable<EndUser['devices']>> = reading(
  `an object of lists of at most ${mostDevices} devices`,
  { type: 'object', additionalProperties: { type: 'array', items: { type: 'object' } } },
  (v) =>
    isObject(v) && Object.values(v).every(areDevices) ? (v as EndUser['devices']) : undefined,
)

function areDevices(list: Json): boolean {
  if (!Array.isArray(list) || list.length > mostDevices) return false
  return (list as readonly Json[]).every((each) => isObject(each) && isDevice(each))
}

const notes: Read<JsonObject> = reading('an object of notes', { type: 'object' }, (v) =>
  isObject(v) && Object.entries(v).every(([name, value]) => isNote(name, value)) ? v : undefined,
)

export interface Field {
  readonly name:
    | 'username'
    | 'inetUserStatus'
    | 'userpassword'
    | 'passwordHash'
    | 'roles'
    | 'groups'
    | 'devices'
    | 'notes'
    | 'pwdReset'
  readonly member: Exclude<keyof UserInput, 'values'>
  /** Other names of it, in lower case. */
  readonly also: readonly string[]
  readonly read: Read<unknown>
  readonly about: string
}

/** What is no attribute of a directory, or has a meaning of its own. */
export const fields: readonly Field[] = [
  {
    name: 'pwdReset',
    member: 'mustChange',
    also: [],
    read: flag,
    about: 'Whether the next login asks for another password (PingDS: pwdReset).',
  },
  {
    name: 'username',
    member: 'username',
    also: [],
    read: username,
    about: 'The name to log in with; one name however it is written.',
  },
  {
    name: 'inetUserStatus',
    member: 'status',
    also: ['status', 'accountstatus'],
    read: status,
    about: 'Whether the account can be used.',
  },
  {
    name: 'userpassword',
    member: 'password',
    also: ['password'],
    read: password,
    about: 'The password in clear; it is never shown.',
  },
  {
    name: 'passwordHash',
    member: 'passwordHash',
    also: [],
    read: text,
    about:
      'A hash in place of a password: Argon2, PBKDF2, bcrypt or a salted digest; in files and commands only.',
  },
  {
    name: 'roles',
    member: 'roles',
    also: [],
    read: roles,
    about: '`admin`: may use the administration of the realm and those below it.',
  },
  {
    name: 'groups',
    member: 'groups',
    also: [],
    read: groups,
    about: 'The groups of the realm it is in, by their names.',
  },
  {
    name: 'devices',
    member: 'devices',
    also: [],
    read: devices,
    about: 'What they prove themselves by beside a password; for an account that has none.',
  },
  {
    name: 'notes',
    member: 'notes',
    also: [],
    read: notes,
    about:
      'What journeys note of it: preferences, answers, agreements; for an account that has none.',
  },
]

/** What only a backup has: taken by files and commands, and told to nobody. */
export const ofBackups: ReadonlySet<Field['name']> = new Set(['passwordHash', 'devices', 'notes'])
