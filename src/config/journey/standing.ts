import type { JsonObject } from '../../base/json.ts'
import { revision } from '../../base/revision.ts'
import type { StoredJourneyDocument } from '../../realm/journey/document.ts'
import {
  deleteJourneyDocument,
  namesBelow,
  readJourneyDocument,
  writeJourneyDocument,
} from '../../realm/journey/document.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Item } from '../kind.ts'
import type { DocumentRow } from './row.ts'

/** A document as it stands: stored, or there from the start. Without one there is none. */
export interface Standing {
  readonly document: JsonObject | undefined
  readonly stored: StoredJourneyDocument | undefined
}

export async function standing(row: DocumentRow, realm: Realm, id: string): Promise<Standing> {
  const stored = await readJourneyDocument(realm, `${row.folder}/${id}`)
  const document = stored === undefined ? row.inherent(realm, id) : stored.document
  return { document: document ? row.bare(id, document) : undefined, stored }
}

/** The same as it is shown. */
export function itemOf(
  row: DocumentRow,
  id: string,
  { document, stored }: Standing,
): Item | undefined {
  if (document === undefined) return undefined
  const kept = row.kept(id, document)
  const secrets = row.secrets?.(id) ?? []
  const shown = Object.entries(document).filter(([name]) => !secrets.includes(name))
  return {
    id,
    rev: stored === undefined ? revision(document) : String(stored.version),
    value: Object.fromEntries(shown),
    ...(kept.length === 0 ? {} : { kept }),
    ...(stored === undefined ? { inherent: true } : {}),
  }
}

/** Every id there may be something of, in order. */
export async function idsOf(row: DocumentRow, realm: Realm): Promise<readonly string[]> {
  const stored = (await namesBelow(realm, row.folder)).filter(row.isId)
  return [...new Set([...stored, ...row.inherentIds])].sort()
}

/** Those that are there from the start, and were removed. */
export async function removedOf(row: DocumentRow, realm: Realm): Promise<readonly string[]> {
  const all = await Promise.all(
    row.inherentIds.map(async (id) => ({ id, ...(await standing(row, realm, id)) })),
  )
  return all.filter(({ document }) => document === undefined).map(({ id }) => id)
}

/** Removes it; false when somebody was faster. In the place of what is there from the start stays that it was removed. */
export function drop(
  { inherent, folder }: DocumentRow,
  realm: Realm,
  id: string,
  { stored }: Standing,
): Promise<boolean> {
  const at = `${folder}/${id}`
  return stored === undefined || inherent(realm, id) !== undefined
    ? writeJourneyDocument(realm, at, null, stored)
    : deleteJourneyDocument(realm, at, stored)
}

/** Why a realm takes no such document; a list holds all of them. */
export async function noRoom(
  { most, folder, name }: DocumentRow,
  realm: Realm,
  { stored }: Standing,
  document: JsonObject,
): Promise<string | undefined> {
  if (Buffer.byteLength(JSON.stringify(document)) > most.bytes)
    return `must have at most ${most.bytes} bytes`
  const count = stored === undefined ? (await namesBelow(realm, folder)).length : 0
  return count < most.documents
    ? undefined
    : `a realm has at most ${most.documents} of the kind ${name}`
}
