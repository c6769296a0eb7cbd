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
      const { stops = 'nothing', when, plugin, script } = known.get(name)?.unserved ?? {}
      const counts = when?.(beside) ?? true
      if (script === true && counts) continue
      const path = `${section}.${name}`
      const attribute = { path, name, stops: counts ? stops : 'nothing' } as const
      found.push(plugin === undefined ? attribute : { ...attribute, plugin })
    }
  }
  return found.length === 0 ? nothingKept : found
}

/** Scripts of one's own that are run, by the plug-in points they are named for. */
export type PluginScripts = Readonly<Record<string, string>>

/** Of nearly everybody. */
const noScripts: PluginScripts = {}

export function pluginScripts(
  table: SettingTable,
  document: JsonObject,
  kept: JsonObject | undefined,
): PluginScripts {
  if (kept === undefined) return noScripts
  const rows = bySection(table)
  const found = Object.entries(kept).flatMap(([section, content]) => {
    if (!isObject(content)) return []
    const served = member(document, section)
    const beside: JsonObject = { ...(isObject(served) ? served : {}), ...content }
    return Object.entries(content).flatMap(([name, value]): [string, string][] => {
      const { script, plugin = '', when } = rows.get(section)?.get(name)?.unserved ?? {}
      const counts = script === true && (when?.(beside) ?? true)
      return counts && typeof value === 'string' ? [[plugin, value]] : []
    })
  })
  return found.length === 0 ? noScripts : Object.fromEntries(found)
}
