import type { Json } from '../base/json.ts'
import type { SettingTable } from './setting.ts'

/** JSON Schema, the part of draft 2020-12 that documents here need. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'
  readonly title?: string
  readonly description?: string
  readonly enum?: readonly Json[]
  readonly const?: Json
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
  readonly contains?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly writeOnly?: boolean
}

/** What is known of a row beyond its reader: what may be chosen from here and now. */
export type SchemaDetails = Readonly<Record<string, JsonSchema>>

/** The schema of a document of sections, from the rows it is read by; `details` by the keys of the table. */
export function documentSchema(table: SettingTable, details: SchemaDetails = {}): JsonSchema {
  const rows = Object.entries(table).map(([key, row]) => ({ ...row, detail: details[key] }))
  const sections = [...new Set(rows.map(({ section }) => section))]
  const properties = sections.map((section): [string, JsonSchema] => {
    const own = rows.filter((row) => row.section === section)
    const members = own.map((row): [string, JsonSchema] => {
      const { name, read, about, default: fallback, detail } = row
      return [name, { ...(detail ?? read.schema), description: about, default: fallback as Json }]
    })
    const inside = Object.fromEntries(members)
    return [section, { type: 'object', properties: inside, additionalProperties: false }]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  }
}
