import type { Json } from '../src/base/json.ts'
import { isObject } from '../src/base/json.ts'
import type { JsonSchema } from '../src/protocol/schema.ts'

/** Whether a value is one that a schema allows, by the part of JSON Schema that schemas here have. */
export function fitsSchema(schema: JsonSchema, value: Json): boolean {
  const { type, anyOf, allOf } = schema
  if (type !== undefined && !isOf(type, value)) return false
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false
  if (anyOf !== undefined && !anyOf.some((each) => fitsSchema(each, value))) return false
  if (allOf !== undefined && !allOf.every((each) => fitsSchema(each, value))) return false
  if (typeof value === 'string') return fitsText(schema, value)
  if (typeof value === 'number')
    return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity)
  if (Array.isArray(value)) return fitsList(schema, value as readonly Json[])
  return isObject(value) ? fitsMembers(schema, value) : true
}

function isOf(type: JsonSchema['type'], value: Json): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return type === (value === null ? 'null' : typeof value)
}

function fitsText({ pattern, minLength = 0, maxLength = Infinity }: JsonSchema, text: string) {
  const length = [...text].length
  const right = pattern === undefined || new RegExp(pattern, 'u').test(text)
  return right && length >= minLength && length <= maxLength
}

function fitsList({ items, minItems = 0, maxItems = Infinity }: JsonSchema, list: readonly Json[]) {
  const right = items === undefined || list.every((each) => fitsSchema(items, each))
  return right && list.length >= minItems && list.length <= maxItems
}

function fitsMembers(
  { properties = {}, required = [], additionalProperties = true }: JsonSchema,
  object: { readonly [name: string]: Json },
): boolean {
  const more = additionalProperties
  return (
    required.every((name) => Object.hasOwn(object, name)) &&
    Object.entries(object).every(([name, value]) => {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined
      if (known !== undefined) return fitsSchema(known, value)
      return typeof more === 'boolean' ? more : fitsSchema(more, value)
    })
  )
}
