import { nextTurn } from '../base/time.ts'
import type { Realm } from '../realm/realm.ts'
import type { Row } from './entry.ts'
import { readRow } from './entry.ts'
import { rowFolder, rowsNaming, rowTime } from './row-key.ts'
import { keptFor } from './write.ts'

/** Keys looked at in one go. */
const page = 1000

/** Rows opened in one go: each has up to eighty requests. */
const rowsInOneGo = 20

/**
 * The rows of all processes that may name one of these, or that say what was left out, in the order of
 * time. Others are served meanwhile, however long the day was and however many rows name it.
 */
export async function* rowsOf(realm: Realm, names: readonly string[]): AsyncGenerator<Row> {
  const folder = rowFolder(realm)
  const mayName = rowsNaming(realm, names)
  let opened = 0
  let cursor: string | undefined = `${folder}/${rowTime((realm.timeOfDay() - keptFor) * 1000)}`
  while (cursor !== undefined) {
    const { keys, cursor: next } = await realm.records.list(folder, page, cursor)
    for (const key of keys) {
      if (!mayName(key)) continue
      const stored = await realm.records.get(key)
      if (stored === undefined) continue
      yield readRow(stored.value)
      opened += 1
      if (opened % rowsInOneGo === 0) await nextTurn()
    }
    cursor = next
    if (cursor !== undefined) await nextTurn()
  }
}
