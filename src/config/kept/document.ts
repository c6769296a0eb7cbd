import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { Problem } from '../../protocol/problem.ts'
import { corsFolder } from '../../realm/cors.ts'
import { keptFolder } from '../../realm/kept.ts'
import type { Realm } from '../../realm/realm.ts'
import { allRealms } from '../../realm/realms.ts'
import { touchRealm } from '../../realm/touch.ts'
import { keysIn } from '../../store/keys-in.ts'
import { never } from '../../store/store.ts'
import { lost, removeAsRead, untilSaved, writeOver } from '../../store/update.ts'
import type { ToldChanges } from '../difference.ts'
import { changesTold } from '../difference.ts'
import type { Change, Item, Kind, Saved } from '../kind.ts'
import { inRealm } from '../kind.ts'
import { listWhole } from '../query.ts'
import { inTurn } from './in-turn.ts'
import { movedTo } from './moved.ts'
import { fromTheStart, isObeyed, isRead } from './obeyed.ts'
import { isServed, pathProblems } from './path.ts'

/** What the settings shelf holds of a document that is only kept: `kept/<realm>/<path>`. */
export interface KeptRecord {
  /** Below `/am/json/<realm>`: `realm-config/services/email`. */
  readonly path: string
  /** As it came, without its revision. */
  readonly document: JsonObject
}

/**
 * Bytes of one document, how many a realm may have, and how much they are together: a list holds all of them. A process
 * writes them one after another, so that a realm has at most as many documents beyond that as other processes write at
 * the moment it is reached: one of each. To hold it exactly would take a record of all of them that each write changes.
 */
const most = { bytes: 262_144, documents: 5000, together: 67_108_864 } as const

/** Documents of a tenant that nothing here acts on: other services, scripts, journeys, agents (C-39). */
export const keptKind: Kind = {
  name: 'kept',
  member: 'kept',
  schema: () => ({ type: 'object' }),
  async list(realm, query) {
    const ids: string[] = []
    for await (const path of keptPaths(realm, '')) ids.push(path)
    return listWhole(
      query,
      ids.sort(),
      (id) => keptKind.read(realm, id),
      ({ value }) => value,
    )
  },
  read: async (realm, path) => (await readKept(realm, path)) ?? fromTheStart(realm, path),
  show: (value) => value,

  async save(realm, path, input, change) {
    // A file may be an export of a version that only kept what is served now.
    const now = change.trusted === true ? movedTo(path) : undefined
    if (now !== undefined) return now.kind.save(realm, now.id, input, change)
    const { _rev: _, parapet: __, ...document } = input
    const problems = [...pathProblems(realm, path), ...sizeProblems(document)]
    if (problems.length > 0) return { outcome: 'invalid', problems }
    const save = async (): Promise<Saved | typeof lost> => {
      const before = await readKept(realm, path)
      const obstacle = change.condition.obstacle(before?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      const value = valueOf(path, withOwnId(document, before))
      const no = await noRoom(realm, before && valueOf(path, before.value), value)
      if (no !== undefined) return { outcome: 'invalid', problems: [{ path: '', text: no }] }
      const key = keptKey(realm, path)
      const over = before && { version: Number(before.rev) }
      const written = await writeOver(realm.settings, key, value, over)
      const item = written ? await readKept(realm, path) : undefined
      if (item === undefined) return change.condition.strict ? { outcome: 'stale' } : lost
      return {
        outcome: before === undefined ? 'created' : 'updated',
        item,
        ...(await noted(realm, path, change, changesOf(path, before?.value, item.value))),
      }
    }
    return inTurn(realm, () => untilSaved('a kept document', inRealm(realm, path), save))
  },

  remove(realm, path, { by, condition }) {
    return untilSaved('a kept document', inRealm(realm, path), async () => {
      const item = await readKept(realm, path)
      const obstacle = condition.obstacle(item?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (item === undefined) return { outcome: 'absent' }
      const key = keptKey(realm, path)
      if (!(await removeAsRead(realm.settings, key, { version: Number(item.rev) }))) return lost
      if (isObeyed(path)) await touchRealms(realm)
      const changes = changesOf(path, item.value, undefined)
      event('kept.deleted', { realm: realm.path, id: path, by, changes })
      return { outcome: 'removed', item }
    })
  },
}

/** What it calls itself stays, where whoever writes it named the path alone, as configuration documents do. */
function withOwnId(document: JsonObject, before: Item | undefined): JsonObject {
  const own = before && member(before.value, '_id')
  return own === undefined || Object.hasOwn(document, '_id') ? document : { _id: own, ...document }
}

/** Which of its members are secret nobody knows, so of what is only kept no value is told. */
function changesOf(
  path: string,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): ToldChanges {
  return changesTold(before, after, { personal: () => !isRead(path) })
}

/** Says in the log that it is only kept; the same for the outcome. */
async function noted(
  realm: Realm,
  path: string,
  { by }: Change,
  changes: ToldChanges,
): Promise<{ readonly unserved?: readonly string[] }> {
  if (isObeyed(path)) {
    // AM always has the service itself, and it is on.
    const record: KeptRecord = { path: corsFolder, document: { _id: '', enabled: true } }
    const value = Buffer.from(JSON.stringify(record))
    await realm.settings.insert(keptKey(realm, corsFolder), value, never)
    await touchRealms(realm)
    event('kept.saved', { realm: realm.path, id: path, by, changes })
    return {}
  }
  if (isRead(path)) {
    event('kept.saved', { realm: realm.path, id: path, by, changes })
    return {}
  }
  const what = { kind: 'kept', id: path, attributes: '*' }
  event('config.unserved', { realm: realm.path, ...what, by, changes })
  return { unserved: ['*'] }
}

/** Every realm reads anew what all of them share. */
async function touchRealms({ settings }: Realm): Promise<void> {
  for (const { record } of await allRealms(settings)) await touchRealm(settings, record.path)
}

async function readKept(realm: Realm, path: string): Promise<Item | undefined> {
  const stored = isServed(path) ? undefined : await realm.settings.get(keptKey(realm, path))
  if (stored === undefined) return undefined
  const { document } = JSON.parse(stored.value.toString()) as KeptRecord
  const kept = isRead(path) ? {} : { kept: ['*'] }
  return { id: path, rev: String(stored.version), value: document, ...kept }
}

/** The paths of what is kept below one, in order. */
export async function* keptPaths(realm: Realm, below: string): AsyncGenerator<string, void> {
  const folder = keptFolder(realm.path)
  const prefix = `${folder}/${encodeURIComponent(below === '' ? '' : `${below}/`)}`
  const start = below === '' ? {} : { after: prefix }
  for await (const key of keysIn(realm.settings, folder, start)) {
    if (!key.startsWith(prefix)) return
    const path = decodeURIComponent(key.slice(folder.length + 1))
    // What earlier versions only kept may have a row now, which reads it where it lies.
    if (!isServed(path)) yield path
  }
}

function valueOf(path: string, document: JsonObject): Buffer {
  return Buffer.from(JSON.stringify({ path, document } satisfies KeptRecord))
}

/** Why a realm keeps no more; nothing stands against a document that does not grow. Sizes are read where they can be too many. */
async function noRoom(
  realm: Realm,
  before: Buffer | undefined,
  { length }: Buffer,
): Promise<string | undefined> {
  let together = length - (before?.length ?? 0)
  if (before !== undefined && together <= 0) return undefined
  const paths: string[] = []
  for await (const path of keptPaths(realm, '')) paths.push(path)
  if (before === undefined && paths.length >= most.documents)
    return `a realm keeps at most ${most.documents} documents`
  if (paths.length * most.bytes > most.together)
    for (const path of paths)
      together += (await realm.settings.get(keptKey(realm, path)))?.value.length ?? 0
  return together > most.together
    ? `the documents of a realm have at most ${most.together} bytes together`
    : undefined
}

function keptKey(realm: Realm, path: string): string {
  return `${keptFolder(realm.path)}/${encodeURIComponent(path.isWellFormed() ? path : '%')}`
}

function sizeProblems(document: JsonObject): readonly Problem[] {
  if (!isObject(document)) return [{ path: '', text: 'must be an object' }]
  const bytes = Buffer.byteLength(JSON.stringify(document))
  return bytes <= most.bytes ? [] : [{ path: '', text: `must have at most ${most.bytes} bytes` }]
}
