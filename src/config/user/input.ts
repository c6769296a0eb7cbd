import type { Json, JsonObject } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { Read } from '../../protocol/setting.ts'
import { oneOf, reading, text, texts } from '../../protocol/setting.ts'
import type { Attribute } from '../../user/attribute.ts'
import { attributeOf, attributes } from '../../user/attribute.ts'
import { readValues, valuesSchema } from '../../user/attribute-values.ts'
import type { EndUser } from '../../user/end-user.ts'
import { shortestPassword } from '../../user/new-password.ts'
import { longestPassword } from '../../user/password.ts'

/** What somebody wants an account to be; what is absent stays as it is. */
export interface UserInput {
  readonly username?: string
  readonly status?: EndUser['status']
  readonly roles?: readonly string[]
  /** By their names. */
  readonly groups?: readonly string[]
  /** In clear; empty: none any more. */
  readonly password?: string
  readonly passwordHash?: string
  readonly values: readonly (readonly [Attribute, readonly Json[]])[]
}

export interface UserRead {
  readonly wanted: UserInput
  readonly problems: readonly Problem[]
  readonly unknown: readonly string[]
}

/** The roles there are. */
const role = oneOf('admin')

const mostRoles = 10

const roles: Read<readonly string[]> = reading(
  'a list of roles',
  { type: 'array', items: role.schema as JsonSchema, maxItems: mostRoles },
  (v) => {
    const all = Array.isArray(v) ? (v as readonly Json[]).map(role) : [undefined]
    return all.length > mostRoles || all.includes(undefined)
      ? undefined
      : ([...new Set(all)] as string[])
  },
)

const status: Read<EndUser['status']> = reading(
  '"Active" or "Inactive"',
  { enum: ['Active', 'Inactive', 'active', 'inactive'] },
  (v) => {
    const lower = typeof v === 'string' ? v.toLowerCase() : undefined
    return (['Active', 'Inactive'] as const).find((each) => each.toLowerCase() === lower)
  },
)

const username: Read<string> = reading(
  'text of at most 256 characters',
  { type: 'string', minLength: 1, maxLength: 256, pattern: '\\S' },
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

interface Field {
  readonly name:
    | 'username'
    | 'inetUserStatus'
    | 'userpassword'
    | 'passwordHash'
    | 'roles'
    | 'groups'
  readonly member: Exclude<keyof UserInput, 'values'>
  /** Other names of it, in lower case. */
  readonly also: readonly string[]
  readonly read: Read<unknown>
  readonly about: string
}

/** What is no attribute of a directory, or has a meaning of its own. */
const fields: readonly Field[] = [
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
    about: 'Argon2id in PHC form, in place of a password; in files and commands only.',
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
]

const fieldOf: ReadonlyMap<string, Field> = new Map(
  fields.flatMap((field) =>
    [field.name.toLowerCase(), ...field.also].map((name): [string, Field] => [name, field]),
  ),
)

/** What AM shows beside what can be set: whoever sends back what they read sends it, too. */
const derived: ReadonlySet<string> = new Set(
  'uid realm dn universalid objectclass createtimestamp modifytimestamp ismemberof'.split(' '),
)

/** The name under which a member of any of its names is shown. */
export function shownName(name: string): string {
  const lower = name.toLowerCase()
  if (lower === 'uid') return 'username'
  return fieldOf.get(lower)?.name ?? attributeOf(name)?.name ?? name
}

/** Sorts out what was sent: by PingAM's names, those of managed objects or claims; case does not count. */
export function readUserInput(input: JsonObject, trusted: boolean): UserRead {
  const found: Partial<Record<Field['member'], unknown>> = {}
  const values: [Attribute, readonly Json[]][] = []
  const problems: Problem[] = []
  const unknown: string[] = []
  const seen = new Set<string>()
  for (const [name, value] of Object.entries(input)) {
    const lower = name.toLowerCase()
    if (name.startsWith('_') || derived.has(lower)) continue
    const field = fieldOf.get(lower)
    const attribute = attributeOf(name)
    if (field?.name === 'passwordHash' && !trusted) unknown.push(name)
    else if (seen.has(shownName(name))) problems.push({ path: name, text: 'is there twice' })
    else if (field !== undefined) {
      const read = field.read(plain(field, value))
      if (read === undefined) problems.push({ path: name, text: `must be ${field.read.wants}` })
      else found[field.member] = read
    } else if (attribute === undefined) unknown.push(name)
    else {
      const read = readValues(attribute, value)
      if ('path' in read) problems.push({ ...read, path: named(read.path, attribute, name) })
      else values.push([attribute, read])
    }
    seen.add(shownName(name))
  }
  return { wanted: { ...found, values } as UserInput, problems, unknown }
}

/** A list of one is that one, as in all of PingAM's JSON. */
function plain(field: Field, value: Json): Json {
  if (field.name === 'roles' || field.name === 'groups' || !Array.isArray(value)) return value
  const [only, ...more] = value as readonly Json[]
  return more.length === 0 && only !== undefined ? only : value
}

/** A path by the name that was sent. */
function named(path: string, attribute: Attribute, sent: string): string {
  return `${sent}${path.slice(attribute.name.length)}`
}

/** What `readUserInput` takes, in PingAM's names. */
export function userSchema(): JsonSchema {
  const own = fields.flatMap(({ name, read, about }): [string, JsonSchema][] => {
    if (name === 'passwordHash') return []
    const writeOnly = name === 'userpassword' ? { writeOnly: true } : {}
    return [[name, { description: about, ...read.schema, ...writeOnly }]]
  })
  const others = attributes.map((each): [string, JsonSchema] => [each.name, valuesSchema(each)])
  return {
    type: 'object',
    properties: Object.fromEntries([...own, ...others]),
    additionalProperties: false,
  }
}

/** The names `readUserInput` knows, as AM lists them. */
export function userNames(): readonly string[] {
  return Object.keys(userSchema().properties ?? {}).sort()
}
