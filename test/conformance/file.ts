/** What a file of plans says, with its placeholders filled in. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface PlanFile {
  /** Sections of the realm's settings, in AM's JSON; what they leave out stays. */
  readonly realm: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Registrations in AM's JSON, by client_id. */
  readonly clients: Readonly<Record<string, object>>
  readonly plans: Readonly<Record<string, { readonly plan: string; readonly variant?: object }>>
  /** The configuration the suite is given; `browser` is added. */
  readonly config: object
}

/** `{op}` and the like: where things are. */
export type Places = Readonly<Record<'op' | 'issuer' | 'suite' | 'alias' | 'callback', string>>

export function readPlanFile(name: string, places: Places): PlanFile {
  const { config, ...rest } = fill(name, places) as PlanFile
  return { ...rest, config: { ...config, browser: fill('browser', places) } }
}

function fill(name: string, places: Places): unknown {
  const text = readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')
  const filled = text.replace(/\{(\w+)\}/g, (whole, key: string) =>
    Object.hasOwn(places, key) ? places[key as keyof Places] : whole,
  )
  return JSON.parse(filled)
}
