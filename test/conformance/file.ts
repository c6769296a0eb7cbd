/** What a file of plans says, with its placeholders filled in. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts'
import { type Made, madeFor, type Wanted } from './keys.ts'

export interface PlanFile {
  /** Registrations in AM's JSON, by client_id. */
  readonly clients: Readonly<Record<string, JsonObject>>
  readonly plans: Readonly<Record<string, PlanRow>>
  /** Types of authorization details, by name. */
  readonly types: Readonly<Record<string, JsonObject>>
}

export interface PlanRow {
  readonly plan: string
  readonly variant?: Readonly<Record<string, string>>
  /** Sections of the realm's settings, in AM's JSON; what they leave out is the default. */
  readonly realm: Readonly<Record<string, JsonObject>>
  /** What the suite is told. */
  readonly config: JsonObject
  /** Modules of the plan that are not run, each with why it is no matter of this server. */
  readonly without?: Readonly<Record<string, string>>
}

/** The file as it stands. */
interface Written extends Wanted {
  readonly realm: Readonly<Record<string, JsonObject>>
  /** What all registrations have in common. */
  readonly client: JsonObject
  readonly clients: Readonly<Record<string, JsonObject>>
  readonly types?: Readonly<Record<string, JsonObject>>
  readonly config: JsonObject
  /** What several plans have in common. */
  readonly parts?: Readonly<Record<string, Partial<PlanRow>>>
  /** What is made of the parts named in `of`, from left to right, and of what it says itself. */
  readonly plans: Readonly<Record<string, Partial<PlanRow> & { readonly of?: readonly string[] }>>
}

/** Pages of ours, as tasks of the suite's browser. */
interface BrowserFile {
  readonly logout: Json
  readonly pages: Readonly<Record<string, Json>>
  readonly visits: Readonly<Record<string, readonly (readonly string[])[]>>
}

/** `{op}` and the like: where things are. */
export type Places = Readonly<
  Record<'op' | 'issuer' | 'resource' | 'suite' | 'alias' | 'callback', string>
>

export function readPlanFile(name: string, places: Places): PlanFile {
  const written = parse(name, places) as unknown as Written
  const made: Made = new Map([...madeFor(written), ...visits(places)])
  const each = <T>(of: Readonly<Record<string, T>>, to: (value: T) => unknown): unknown =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]))
  return {
    types: written.types ?? {},
    clients: each(written.clients, (own) => fill(merge(written.client, own), made)),
    plans: each(written.plans, ({ of = [], ...own }) => {
      const { realm, config } = written
      const row = [...of.map((name) => part(written, name)), own].reduce<JsonObject>(
        (whole, each) => merge(whole, each as unknown as JsonObject),
        { realm: realm as JsonObject, config },
      )
      return { ...row, config: fill(row.config as Json, made) }
    }),
  } as PlanFile
}

function part({ parts = {} }: Written, name: string): Partial<PlanRow> {
  const found = parts[name]
  if (found === undefined) throw new Error(`no part ${name}`)
  return found
}

/** What the suite's browser does, by name: in each visit but the last the pages it may meet, in order, once. */
function visits(places: Places): readonly (readonly [string, Json])[] {
  const { logout, pages, visits } = parse('browser', places) as unknown as BrowserFile
  const match = `${places.op}/*/authorize*`
  return Object.entries(visits).map(([name, orders]) => {
    const entries = orders.map((order, i) => ({
      ...{ match, tasks: order.map((page) => pages[page] as Json) },
      ...(i < orders.length - 1 && { 'match-limit': 1 }),
    }))
    return [`browser:${name}`, [logout, ...entries] as Json]
  })
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

/** A text like `{private:first}` becomes what was made for the run under that name. */
function fill(value: Json, made: Made): Json {
  if (Array.isArray(value)) return value.map((each) => fill(each as Json, made))
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each, made)]))
  }
  const asked = typeof value === 'string' ? /^\{(\w+:.+)\}$/.exec(value)?.[1] : undefined
  if (asked === undefined) return value
  const filled = made.get(asked)
  if (filled === undefined) throw new Error(`nothing was made for ${asked}`)
  return filled
}
