import type { JsonObject } from '../../base/json.ts'
import { isObject } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import { bySection } from '../../protocol/document.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { SettingTable } from '../../protocol/setting.ts'
import type { KeptAttribute } from '../../protocol/unserved/attribute.ts'
import type { Realm } from '../../realm/realm.ts'
import { nearest } from '../document/nearest.ts'
import type { Item } from '../kind.ts'

/** Bytes of what one document may hold beside what is served. */
const most = 65_536

/** What is kept is bounded, whatever it is (K-1). */
export function tooMuch(kept: JsonObject): readonly Problem[] {
  const bytes = Buffer.byteLength(JSON.stringify(kept))
  if (bytes <= most) return []
  return [{ path: '', text: `more than ${most} bytes of attributes that are only kept` }]
}

/**
 * Which of the names that no row knows are refused all the same: what is most likely a slip of the pen would
 * leave a setting of ours unset in silence, what stands in a section of our own is nobody else's, and what
 * PingAM has encrypted is no use to anybody else.
 */
export function slips(table: SettingTable, unknown: readonly string[]): readonly string[] {
  const sections = bySection(table)
  const served = Object.values(table).flatMap((row) => (row.unserved === undefined ? row.name : []))
  return unknown.filter((path) => {
    const dot = path.indexOf('.')
    // PingAM has sections on top and nothing else: an attribute there was meant for one of them.
    if (dot < 0) return nearest(path, [...sections.keys(), ...served]) !== undefined
    const name = path.slice(dot + 1)
    if (path.startsWith('parapet') || name.endsWith('-encrypted')) return true
    const same = Object.values(table).filter((row) => row.name === name)
    // Older releases have some of what is not served in another section.
    if (same.length > 0) return same.some((row) => row.unserved === undefined)
    return nearest(name, [...(sections.get(path.slice(0, dot))?.keys() ?? [])]) !== undefined
  })
}

/** Absent rather than empty, as it is stored. */
export function someOf(kept: JsonObject): JsonObject | undefined {
  return Object.keys(kept).length === 0 ? undefined : kept
}

/**
 * Tells the paths of what a document only keeps, before a change of it and after: which of these attributes
 * are secret nobody knows, so none of their values is told (C-39).
 */
export function onlyKept(...items: readonly (Item | undefined)[]): (path: string) => boolean {
  const paths = new Set(items.flatMap((item) => item?.kept ?? []))
  return (path) =>
    [...paths].some((each) => each === '*' || path === each || path.startsWith(`${each}.`))
}

/** The paths of what is kept beside a document, for its item. */
export function keptPathsOf(kept: JsonObject | undefined): Pick<Item, 'kept'> {
  if (kept === undefined) return {}
  const paths = Object.entries(kept).flatMap(([section, value]) =>
    isObject(value) ? Object.keys(value).map((name) => `${section}.${name}`) : [section],
  )
  return { kept: paths }
}

/** Says in the log what a document holds that is not served; the same for the outcome of the write. */
export function told(
  { path: realm }: Pick<Realm, 'path'>,
  { kind, id, by }: { readonly kind: string; readonly id: string; readonly by: string },
  attributes: readonly KeptAttribute[],
): { readonly unserved?: readonly string[] } {
  if (attributes.length === 0) return {}
  const unserved = attributes.map(({ path }) => path)
  event('config.unserved', { realm, kind, id, by, attributes: unserved.join(' ') })
  return { unserved }
}
