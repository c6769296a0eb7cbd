import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { bySection } from '../document.ts'
import type { SettingTable } from '../setting.ts'
import type { Stops, Unserved } from '../unserved.ts'

/** An attribute that has a value which is not served. */
export interface KeptAttribute extends Pick<Unserved, 'plugin'> {
  /** `advancedOAuth2ClientConfig.subjectType`. */
  readonly path: string
  readonly name: string
  readonly stops: Stops
}

/** Of nearly everybody. */
const nothingKept: readonly KeptAttribute[] = []

/** What of a document is kept and not served, and what each of it stops (C-39). */
export function keptAttributes(
  table: SettingTable,
  document: JsonObject,
  kept: JsonObject | undefined,
): readonly KeptAttribute[] {
  if (kept === undefined) return nothingKept
  const rows = bySection(table)
  const found: KeptAttribute[] = []
  for (const [section, content] of Object.entries(kept)) {
    const known = rows.get(section)
    if (known === undefined || !isObject(content)) {
      found.push({ path: section, name: section, stops: 'nothing' })
      continue
    }
    const served = member(document, section)
    const beside: JsonObject = { ...(isObject(served) ? served : {}), ...content }
    for (const [name, value] of Object.entries(content)) {
      // Without a value it is as if it were not there.
      if (value === null) continue
      const { stops = 'nothing', when, plugin } = known.get(name)?.unserved ?? {}
      const counts = when?.(beside) ?? true
      const path = `${section}.${name}`
      const attribute = { path, name, stops: counts ? stops : 'nothing' } as const
      found.push(plugin === undefined ? attribute : { ...attribute, plugin })
    }
  }
  return found.length === 0 ? nothingKept : found
}
