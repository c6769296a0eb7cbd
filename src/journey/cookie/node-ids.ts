import { nodesFolder } from '../../realm/journey/list.ts'
import { keptFolder } from '../../realm/kept.ts'
import type { Realm } from '../../realm/realm.ts'
import { keysIn } from '../../store/keys-in.ts'

/** The ids of a realm's nodes of one kind, whichever journeys have them. */
export async function* nodeIds(
  { path, settings }: Pick<Realm, 'path' | 'settings'>,
  type: string,
): AsyncGenerator<string> {
  const folder = keptFolder(path)
  const place = `${nodesFolder}/${type}/`
  const prefix = `${folder}/${encodeURIComponent(place)}`
  for await (const key of keysIn(settings, folder, { after: prefix })) {
    if (!key.startsWith(prefix)) break
    yield decodeURIComponent(key.slice(folder.length + 1)).slice(place.length)
  }
}
