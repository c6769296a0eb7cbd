/** What a text has to be beyond being text. */
import type { Json } from '../../base/json.ts'
import type { Problem } from '../problem.ts'
import type { JsonSchema } from '../schema.ts'
import type { Read } from '../setting.ts'
import { reading, text, texts } from '../setting.ts'

/** One rule for texts: for people, for programs, and what is wrong with a text. */
export interface TextRule {
  /** In the singular, and in the plural: `a scope`, `scopes`. */
  readonly one: string
  readonly many: string
  /** As far as JSON Schema can say it; what it cannot has a `format` of our own. */
  readonly schema: JsonSchema
  /** Undefined for a text that is as it should be; never with the text itself. */
  readonly wrong: (text: string) => string | undefined
}

/** Texts that match a pattern whole; it has to be one of JSON Schema, which knows no flag but `u`. */
export function matching(pattern: RegExp, one: string, many: string): TextRule {
  return {
    one,
    many,
    schema: { type: 'string', pattern: pattern.source },
    wrong: (value) => (pattern.test(value) ? undefined : `must be ${one}`),
  }
}

/** One of many words. */
export function among(words: Iterable<string>, one: string, many: string): TextRule {
  const known = new Set(words)
  const wrong = (value: string): string | undefined => (known.has(value) ? undefined : `not ${one}`)
  return { one, many, schema: { enum: [...known] }, wrong }
}

/** The same, or the empty text. */
export function orNone(rule: TextRule): TextRule {
  return {
    one: `${rule.one}, or empty`,
    many: rule.many,
    schema: { anyOf: [{ const: '' }, rule.schema] },
    wrong: (value) => (value === '' ? undefined : rule.wrong(value)),
  }
}

/** A text of that kind. What is stored already is read whatever the rule says. */
export function textOf({ one, schema, wrong }: TextRule): Read<string> {
  const faults = (value: Json): readonly Problem[] => {
    const text = wrong(value as string)
    return text === undefined ? [] : [{ path: '', text }]
  }
  return Object.assign(reading(one, schema, text), { faults })
}

/** A list of such texts; `most`: how many there may be. */
export function textsOf({ many, schema, wrong }: TextRule, most?: number): Read<readonly string[]> {
  const faults = (value: Json): readonly Problem[] => {
    const entries = value as readonly string[]
    if (most !== undefined && entries.length > most)
      return [{ path: '', text: `more than ${most} entries` }]
    return entries.flatMap((entry, i) => {
      const text = wrong(entry)
      return text === undefined ? [] : [{ path: `[${i}]`, text }]
    })
  }
  const list: JsonSchema = { type: 'array', items: schema }
  const wants = `a list of ${many}`
  return Object.assign(
    most === undefined
      ? reading(wants, list, texts)
      : reading(`${wants}, at most ${most}`, { ...list, maxItems: most }, texts),
    { faults },
  )
}
