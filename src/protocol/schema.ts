import type { Json } from '../base/json.ts'
import type { SettingTable } from './setting.ts'

/** JSON Schema, the part of draft 2020-12 that documents here need. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'
  readonly title?: string
  readonly description?: string
  readonly enum?: readonly Json[]
  readonly default?: Json
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
  readonly writeOnly?: boolean
}

/** The schema of a document of sections, from the rows it is read by. */
export function documentSchema(table: SettingTable): JsonSchema {
  const rows = Object.values(table)
  const sections = [...new Set(rows.map(({ section }) => section))]
  const properties = sections.map((section): [string, JsonSchema] => {
    const own = rows.filter((row) => row.section === section)
    const members = own.map(({ name, read, about, default: fallback }): [string, JsonSchema] => [
      name,
      { ...read.schema, description: about, default: fallback as Json },
    ])
    const inside = Object.fromEntries(members)
    return [section, { type: 'object', properties: inside, additionalProperties: false }]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  }
}
