/** What a file of plans says, with its placeholders filled in. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts'
import { type Keys, keysOf } from './keys.ts'

export interface PlanFile {
  /** Sections of the realm's settings, in AM's JSON; what they leave out stays. */
  readonly realm: Readonly<Record<string, JsonObject>>
  /** Registrations in AM's JSON, by client_id. */
  readonly clients: Readonly<Record<string, JsonObject>>
  readonly plans: Readonly<Record<string, PlanRow>>
}

export interface PlanRow {
  readonly plan: string
  readonly variant?: JsonObject
  /** What the suite is told. */
  readonly config: JsonObject
}

/** The file as it stands. */
interface Written {
  readonly realm: Readonly<Record<string, JsonObject>>
  /** Client → algorithm of a key that is made for the run. */
  readonly keys?: Readonly<Record<string, string>>
  /** What all registrations have in common. */
  readonly client: JsonObject
  readonly clients: Readonly<Record<string, JsonObject>>
  readonly config: JsonObject
  readonly plans: Readonly<
    Record<string, { readonly plan: string; readonly variant?: JsonObject; config?: JsonObject }>
  >
}

/** `{op}` and the like: where things are. */
export type Places = Readonly<Record<'op' | 'issuer' | 'suite' | 'alias' | 'callback', string>>

export function readPlanFile(name: string, places: Places): PlanFile {
  const written = parse(name, places) as unknown as Written
  const keys = keysOf(written.keys ?? {})
  const browser = parse('browser', places)
  const each = <T>(of: Readonly<Record<string, T>>, to: (value: T) => unknown): unknown =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]))
  return {
    realm: written.realm,
    clients: each(written.clients, (own) => fill(merge(written.client, own), keys)),
    plans: each(written.plans, ({ config = {}, ...row }) => ({
      ...row,
      config: fill(merge({ ...written.config, browser }, config), keys),
    })),
  } as PlanFile
}

function parse(name: string, places: Places): Json {
  const text = readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')
  const placed = text.replace(/\{(\w+)\}/g, (whole, key: string) =>
    Object.hasOwn(places, key) ? places[key as keyof Places] : whole,
  )
  return JSON.parse(placed) as Json
}

/** Members of the second win, level by level. */
function merge(a: JsonObject, b: JsonObject): JsonObject {
  const both = Object.entries(b).map(([name, value]): [string, Json] => {
    const under = a[name]
    return [name, isObject(under) && isObject(value) ? merge(under, value) : value]
  })
  return { ...a, ...Object.fromEntries(both) }
}

/** `{private:first}` becomes the key set of `first`, `{public:first}` its public half as text. */
function fill(value: Json, keys: Keys): Json {
  if (Array.isArray(value)) return value.map((each) => fill(each as Json, keys))
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each, keys)]))
  }
  const asked = typeof value === 'string' ? /^\{(\w+):(.+)\}$/.exec(value) : null
  if (asked === null) return value
  const made = keys.get(asked[2] as string)?.[asked[1] as 'private' | 'public']
  if (made === undefined) throw new Error(`${value}: there is no such key`)
  return made
}
