import type { Json, JsonObject } from '../../base/json.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import type { Attribute } from '../../user/attribute.ts'
import { attributeOf, attributes } from '../../user/attribute.ts'
import { readValues, valuesSchema } from '../../user/attribute-values.ts'
import type { EndUser } from '../../user/end-user.ts'
import type { Field } from './field.ts'
import { fields, ofBackups } from './field.ts'

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
  readonly devices?: NonNullable<EndUser['devices']>
  readonly notes?: JsonObject
  /** Whether the password has to be another one before it counts. */
  readonly mustChange?: boolean
  readonly values: readonly (readonly [Attribute, readonly Json[]])[]
}

export interface UserRead {
  readonly wanted: UserInput
  readonly problems: readonly Problem[]
  readonly unknown: readonly string[]
}

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
    if (field !== undefined && ofBackups.has(field.name) && !trusted) unknown.push(name)
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
    if (ofBackups.has(name)) return []
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
