import type { JsonSchema } from '../../../protocol/schema.ts'
import type { Realm } from '../../../realm/realm.ts'
import { kinds } from '../../index.ts'
import type { Kind } from '../../kind.ts'
import { realmSchema } from '../../realm/input.ts'

/** The schema of a whole document (JSON Schema, draft 2020-12), for editors; made of what each row accepts. */
export type DocumentSchema = JsonSchema & { readonly $schema: string }

/** `beside`: what may stand beside `realms`; `realm` says what may be chosen from, such as journeys. */
export function schemaOfDocument(
  realm: Realm,
  beside: Readonly<Record<string, JsonSchema>>,
): DocumentSchema {
  const { name: _name, parentPath: _parent, ...own } = realmSchema.properties ?? {}
  const path: JsonSchema = {
    type: 'string',
    pattern: '^/',
    description: 'Names the realm: / or /alpha. One that is not there is made.',
  }
  const listed = kinds.flatMap((kind): readonly (readonly [string, JsonSchema])[] =>
    kind.member === undefined || kind.member === 'realms'
      ? []
      : [[kind.member, listOf(kind, realm)]],
  )
  const properties = { path, ...own, ...Object.fromEntries(listed) }
  const entry = {
    type: 'object',
    properties,
    required: ['path'],
    additionalProperties: false,
  } as const
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...beside,
      realms: { type: 'array', items: entry, description: 'Realms and what is in them.' },
      sealed: { type: 'string', description: 'Secrets that an export has sealed.' },
    },
    additionalProperties: false,
  }
}

function listOf(kind: Kind, realm: Realm): JsonSchema {
  const whole = withReferences(joined(kind.schema(realm), kind.backup?.schema ?? {}))
  if (kind.single) return whole
  const named: JsonSchema = { type: 'string', minLength: 1, description: 'Its id.' }
  const properties = { _id: named, _rev: { type: 'string' } as const, ...whole.properties }
  const required = kind.named === undefined ? ['_id'] : []
  return { type: 'array', items: { ...whole, properties, required } }
}

/** One schema with another one's members beside its own. */
function joined(one: JsonSchema, other: JsonSchema): JsonSchema {
  const members = Object.entries(other.properties ?? {}).map(([name, inner]) => {
    const before = one.properties?.[name]
    return [name, before === undefined ? inner : joined(before, inner)] as const
  })
  if (members.length === 0) return one
  return { ...one, properties: { ...one.properties, ...Object.fromEntries(members) } }
}

/** Where a text may stand a reference may, whatever the text has to be. */
const reference: JsonSchema = { type: 'string', pattern: '\\$\\{' }

function withReferences(schema: JsonSchema): JsonSchema {
  const { properties, items, anyOf } = schema
  const isText = schema.type === 'string' || schema.enum?.every((each) => typeof each === 'string')
  const { description, default: fallback, ...rest } = schema
  const told = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  }
  if (isText) return { ...told, anyOf: [rest, reference] }
  return {
    ...schema,
    ...(properties && { properties: mapped(properties) }),
    ...(items && { items: withReferences(items) }),
    ...(anyOf && { anyOf: anyOf.map(withReferences) }),
  }
}

function mapped(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, withReferences(inner)]),
  )
}
