import { isDeepStrictEqual } from 'node:util'
import { isObject, type JsonObject } from '../../base/json.ts'
import { delay } from '../../base/time.ts'
import {
  deleteJourneyDocument,
  readJourneyDocument,
  writeJourneyDocument,
} from '../../realm/journey/document.ts'
import { canBeKept } from '../../realm/kept.ts'
import type { Realm } from '../../realm/realm.ts'
import { lost, untilSaved } from '../../store/update.ts'
import { changesTold } from '../difference.ts'
import { inTurn } from '../kept/in-turn.ts'
import { onlyKept, told } from '../kept/unserved.ts'
import type { Change, Item, Kind, Removed, Saved } from '../kind.ts'
import { inRealm } from '../kind.ts'
import type { Listed, Query } from '../query.ts'
import { idsAsked, listWhole } from '../query.ts'
import type { DocumentRow } from './row.ts'
import { drop, idsOf, itemOf, noRoom, removedOf, type Standing, standing } from './standing.ts'

/** A kind of document, and how to list those whose ids begin with a text. */
export interface DocumentKind extends Kind {
  readonly listBelow: (realm: Realm, query: Query, start: string) => Promise<Listed>
}

/** What a document file says of what is there from the start, and a realm does not have. */
const removedInput = 'removed'

/** Makes a kind of its row. */
export function documentKind(row: DocumentRow): DocumentKind {
  const read = async (realm: Realm, id: string): Promise<Item | undefined> =>
    isId(row, id) ? itemOf(row, id, await standing(row, realm, id)) : undefined
  const listBelow = async (realm: Realm, query: Query, start: string): Promise<Listed> => {
    const ids = (await idsOf(row, realm)).filter((id) => id.startsWith(start))
    const shown = ({ id, value }: Item): JsonObject => ({
      ...row.defaults,
      ...value,
      _id: id.slice(start.length),
    })
    const asked = start === '' ? idsAsked(query, ids) : ids
    return listWhole(query, asked, (id) => read(realm, id), shown)
  }
  return {
    ...{ name: row.name, member: row.member, listBelow, read },
    ...(row.backup === undefined ? {} : { backup: row.backup }),
    schema: () => row.schema,
    show: (value) => (Object.keys(value).length === 0 ? row.template : value),
    list: (realm, query) => listBelow(realm, query, ''),
    removed: (realm) => removedOf(row, realm),
    save(realm, id, body, change) {
      const input = withoutRevision(body)
      if (!isId(row, id) || !canBeKept(realm.path, `${row.folder}/${id}`))
        return Promise.resolve(invalid('_id', 'is no name for one'))
      const work = async (): Promise<Saved | typeof lost> =>
        change.trusted === true && input[removedInput] === true
          ? asSaved(await take(row, realm, id, change))
          : put(row, realm, id, input, change)
      return inTurn(realm, () => untilSaved(`a ${row.name}`, inRealm(realm, id), work))
    },
    remove: (realm, id, change) =>
      untilSaved(`a ${row.name}`, inRealm(realm, id), () => take(row, realm, id, change)),
  }
}

/** What is no text stands in no URL, and all of that would be one document. */
function isId(row: DocumentRow, id: string): boolean {
  return id.isWellFormed() && row.isId(id)
}

/** What answers say beside a document. */
function withoutRevision(body: JsonObject): JsonObject {
  const beside = ['_id', '_rev', 'parapet']
  return Object.fromEntries(Object.entries(body).filter(([name]) => !beside.includes(name)))
}

/** As a file asks for it: gone is gone, whoever removed it. */
function asSaved(removed: Removed | typeof lost): Saved | typeof lost {
  if (removed === lost) return lost
  if (removed.outcome === 'removed') return { outcome: 'updated', item: removed.item }
  if (removed.outcome !== 'absent') return invalid('', 'cannot be removed')
  return { outcome: 'updated', item: { id: '', rev: '', value: {} } }
}

async function take(
  row: DocumentRow,
  realm: Realm,
  id: string,
  { by, condition }: Change,
): Promise<Removed | typeof lost> {
  const before = await standing(row, realm, id)
  const item = itemOf(row, id, before)
  const obstacle = condition.obstacle(item?.rev)
  if (obstacle !== undefined) return { outcome: obstacle }
  if (item === undefined || !isId(row, id)) return { outcome: 'absent' }
  if (!(await drop(row, realm, id, before))) return lost
  const after = await standing(row, realm, id)
  await row.settle?.(realm, id, before.stored?.document, after.stored?.document)
  const changes = changesTold(item.value, undefined, { personal: hiddenIn(row, item) })
  row.tellDeleted({ realm, id, by, changes })
  return { outcome: 'removed', item }
}

async function put(
  row: DocumentRow,
  realm: Realm,
  id: string,
  input: JsonObject,
  change: Change,
): Promise<Saved | typeof lost> {
  const before = await standing(row, realm, id)
  const item = itemOf(row, id, before)
  const obstacle = change.condition.obstacle(item?.rev)
  if (obstacle !== undefined) return { outcome: obstacle }
  const taken = await row.take({ realm, id, input, before: before.document, change })
  if (taken.outcome !== 'taken') return taken
  const { document } = taken
  const { stored } = before
  if (item !== undefined && isDeepStrictEqual(before.document, document)) {
    await row.settle?.(realm, id, stored?.document, stored?.document)
    const unserved = await row.unserved(realm, id, document)
    return { outcome: 'updated', item, ...(unserved.length === 0 ? {} : { unserved }) }
  }
  const no = await noRoom(row, realm, before, document)
  if (no !== undefined) return invalid('', no)
  if (!(await writeJourneyDocument(realm, `${row.folder}/${id}`, document, stored)))
    return change.condition.strict ? { outcome: 'stale' } : lost
  const other = await row.clash?.(realm, id, stored?.document, document)
  if (other !== undefined) {
    await takeBack(row, realm, id, document, stored)
    // Of two that see each other one goes first, or they would do so again.
    if (id < other) await delay(settling)
    return lost
  }
  await row.settle?.(realm, id, stored?.document, document)
  return written(row, realm, id, before, change)
}

/** Milliseconds in which whoever clashed has taken its own back. */
const settling = 100

/** Writes again what stood there before; what another one has written over it meanwhile stays. */
async function takeBack(
  { folder }: DocumentRow,
  realm: Realm,
  id: string,
  ours: JsonObject,
  before: Standing['stored'],
): Promise<void> {
  const at = `${folder}/${id}`
  const now = await readJourneyDocument(realm, at)
  if (now === undefined || !isDeepStrictEqual(now.document, ours)) return
  if (before === undefined) await deleteJourneyDocument(realm, at, now)
  else await writeJourneyDocument(realm, at, before.document, now)
}

/** Says what was written, in the log too. */
async function written(
  row: DocumentRow,
  realm: Realm,
  id: string,
  before: Standing,
  { by }: Change,
): Promise<Saved> {
  const earlier = itemOf(row, id, before)
  const after = await standing(row, realm, id)
  const item = itemOf(row, id, after)
  if (item === undefined) return { outcome: 'absent' }
  const [was, is] = [before.document ?? {}, after.document ?? {}]
  const isOther = (name: string): boolean => !isDeepStrictEqual(was[name], is[name])
  const created = earlier === undefined
  const changes = changesTold(earlier?.value, item.value, {
    secrets: (row.secrets?.(id) ?? []).filter(isOther),
    personal: hiddenIn(row, earlier, item),
  })
  row.tellSaved({ realm, id, created, by, changes })
  const paths = isObject(is) ? await row.unserved(realm, id, is) : []
  const attributes = paths.map((path) => ({ path, name: path, stops: 'nothing' }) as const)
  const unserved = told(realm, { kind: row.name, id, by }, attributes)
  return { outcome: created ? 'created' : 'updated', item, ...unserved }
}

function hiddenIn(
  { isHidden = () => false }: DocumentRow,
  ...items: readonly (Item | undefined)[]
): (path: string) => boolean {
  const isKept = onlyKept(...items)
  return (path) => isKept(path) || isHidden(path)
}

function invalid(path: string, text: string): Saved {
  return { outcome: 'invalid', problems: [{ path, text }] }
}
