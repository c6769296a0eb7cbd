import type { JsonObject } from '../../base/json.ts'
import type { JsonSchema } from '../../protocol/schema.ts'

/** Whether values of a section may come from a group, so that AM writes them as `{ inherited, value }`. */
export type Inherits = (section: string) => boolean

/**
 * A document's schema as AM's consoles and tools read it (PingAM: rest-api-crest-schema): draft 3, where
 * `required` stands with each member and `propertyOrder` says in which order to show them.
 */
export function crestSchema(schema: JsonSchema, inherits: Inherits = () => false): JsonObject {
  return {
    type: 'object',
    properties: members(schema, (name, section, at) =>
      section.properties === undefined
        ? (inherits(name) ? inheritable : plain)(name, section, at)
        : {
            ...titled(name, section, at),
            type: 'object',
            properties: members(section, (attribute, value, order) =>
              inherits(name)
                ? inheritable(attribute, value, order)
                : plain(attribute, value, order),
            ),
          },
    ),
  }
}

function members(
  { properties = {} }: JsonSchema,
  write: (name: string, schema: JsonSchema, order: number) => JsonObject,
): JsonObject {
  const entries = Object.entries(properties)
  return Object.fromEntries(entries.map(([name, schema], i) => [name, write(name, schema, i)]))
}

function plain(name: string, schema: JsonSchema, order: number): JsonObject {
  return { ...titled(name, schema, order), ...memberOf(schema) }
}

function inheritable(name: string, schema: JsonSchema, order: number): JsonObject {
  return {
    ...titled(name, schema, order),
    type: 'object',
    properties: {
      inherited: { type: 'boolean', required: true },
      value: memberOf(schema),
    },
  }
}

/** `accessTokenLifetime` is `Access Token Lifetime`. */
function titled(name: string, { title, description }: JsonSchema, order: number): JsonObject {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_\s]+/g, ' ')
    .replace(/^./, (first) => first.toUpperCase())
  return {
    title: title ?? words,
    description: description ?? '',
    propertyOrder: (order + 1) * 100,
    exampleValue: '',
  }
}

/** What a value has to be, without what is said of it beside. */
function memberOf(schema: JsonSchema): JsonObject {
  const apart: readonly string[] = ['title', 'description', 'writeOnly']
  const rest = Object.entries(schema).filter(([name]) => !apart.includes(name))
  const secret = schema.writeOnly === true ? { format: 'password' } : {}
  return { ...Object.fromEntries(rest), ...secret, required: false }
}
