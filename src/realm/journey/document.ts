import type { JsonObject } from '../../base/json.ts'
import { keysIn } from '../../store/keys-in.ts'
import { removeAsRead, writeOver } from '../../store/update.ts'
import { keptFolder } from '../kept.ts'
import type { Realm } from '../realm.ts'

/** What of a realm says where its documents are. */
type Place = Pick<Realm, 'path' | 'settings'>

/** What the settings shelf holds of a journey, a node or a script. They lie where versions before only kept them. */
export interface JourneyRecord {
  /** Below `/am/json/<realm>`. */
  readonly path: string
  /** Null: it was there from the start, and was removed. */
  readonly document: JsonObject | null
}

export interface StoredJourneyDocument {
  readonly document: JsonObject | null
  readonly version: number
}

/** The key of the document at a path; what is no text has none of its own. */
export function journeyKey({ path }: Pick<Realm, 'path'>, at: string): string {
  return `${keptFolder(path)}/${encodeURIComponent(at.isWellFormed() ? at : '%')}`
}

/** As it stands in the store, for those who are about to show or change it. */
export async function readJourneyDocument(
  place: Place,
  at: string,
): Promise<StoredJourneyDocument | undefined> {
  const stored = await place.settings.get(journeyKey(place, at))
  if (stored === undefined) return undefined
  const { document = null } = JSON.parse(stored.value.toString()) as Partial<JourneyRecord>
  return { document, version: stored.version }
}

/** Writes one in the place of what was read, or a new one; false when somebody was faster. */
export async function writeJourneyDocument(
  place: Place,
  at: string,
  document: JsonObject | null,
  before: StoredJourneyDocument | undefined,
): Promise<boolean> {
  const value = Buffer.from(JSON.stringify({ path: at, document } satisfies JourneyRecord))
  return writeOver(place.settings, journeyKey(place, at), value, before)
}

/** Removes the one that was read; false when it had changed or gone meanwhile. */
export function deleteJourneyDocument(
  place: Place,
  at: string,
  stored: StoredJourneyDocument,
): Promise<boolean> {
  return removeAsRead(place.settings, journeyKey(place, at), stored)
}

/** What stands behind a path and a slash, of everything that is stored below it. */
export async function namesBelow(place: Place, at: string): Promise<readonly string[]> {
  const folder = keptFolder(place.path)
  const prefix = `${folder}/${encodeURIComponent(`${at}/`)}`
  const names: string[] = []
  for await (const key of keysIn(place.settings, folder, { after: prefix })) {
    if (!key.startsWith(prefix)) break
    names.push(decodeURIComponent(key.slice(prefix.length)))
  }
  return names
}
