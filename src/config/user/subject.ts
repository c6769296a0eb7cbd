import type { Realm } from '../../realm/realm.ts'
import { realmName } from '../../realm/realm.ts'
import type { Store } from '../../store/store.ts'
import type { Saved } from '../kind.ts'

/** Folders of the settings shelf whose names may stand as `sub` in a token. */
const subjects = ['user', 'client', 'service-account'] as const

/**
 * Whether something of another kind has that id already, in small or capital letters: whom a token is about is never
 * in doubt (T-10). Ids of users and service accounts are UUIDs in small letters; that of a client is what it was
 * registered as. Kinds have keys of their own, so that no verb of the store writes one only where the other is not:
 * whoever has made one asks once more, and takes it back. Of two that come at once at least one then sees the other;
 * a process that ends between the two steps is the one way to both. `id` in small letters.
 */
export async function isOfAnotherKind(
  { settings, path }: Pick<Realm, 'settings' | 'path'>,
  own: (typeof subjects)[number],
  id: string,
): Promise<boolean> {
  const name = encodeURIComponent(id)
  for (const folder of subjects.filter((each) => each !== own)) {
    const place = `${folder}/${realmName(path)}`
    if ((await settings.get(`${place}/${name}`)) !== undefined) return true
    if (folder === 'client' && (await isSpelledIn(settings, place, name))) return true
  }
  return false
}

/**
 * Whether a name is in a folder, in whatever letters. Spellings are tried in the order of keys, and all of them that
 * lie before the folder's next key are leapt over: as a rule that is a look or two, and never more than keys begin alike.
 */
async function isSpelledIn(settings: Store, folder: string, name: string): Promise<boolean> {
  let spelling: string | undefined = name.toUpperCase()
  while (spelling !== undefined) {
    const tried: string = `${folder}/${spelling}`
    if ((await settings.get(tried)) !== undefined) return true
    const { keys } = await settings.list(folder, 1, tried)
    const found = keys[0]?.slice(folder.length + 1)
    if (found?.toLowerCase() === name) return true
    spelling = found === undefined ? undefined : spellingBehind(name, found)
  }
  return false
}

/** The first spelling of a name that comes behind a text in the order of keys, where capital letters come first. */
export function spellingBehind(name: string, text: string): string | undefined {
  const [small, capital] = [name.toLowerCase(), name.toUpperCase()]
  let same = 0
  while (same < name.length && (text[same] === small[same] || text[same] === capital[same]))
    same += 1
  if (same === text.length && same < name.length) return text + capital.slice(same)
  // The last place where a later letter of the name can stand instead.
  for (let i = Math.min(same, name.length - 1); i >= 0; i -= 1) {
    const later = [capital[i], small[i]].find(
      (each) => each !== undefined && each > (text[i] ?? ''),
    )
    if (later !== undefined) return text.slice(0, i) + later + capital.slice(i + 1)
  }
  return undefined
}

/** The answer to whoever wants to be called so. */
export const somebodyElse: Saved = {
  outcome: 'invalid',
  problems: [{ path: '_id', text: 'is somebody else’s' }],
}
