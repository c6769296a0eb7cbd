import type { Realm } from '../../realm/realm.ts'
import { realmName } from '../../realm/realm.ts'

/** Folders of the settings shelf whose names may stand as `sub` in a token. */
const subjects = ['user', 'client', 'service-account'] as const

/** Whether something of another kind has that id already: whom a token is about is never in doubt (T-10). */
export async function isOfAnotherKind(
  { settings, path }: Pick<Realm, 'settings' | 'path'>,
  own: (typeof subjects)[number],
  id: string,
): Promise<boolean> {
  for (const folder of subjects)
    if (folder !== own && (await settings.get(`${folder}/${realmName(path)}/${id}`)) !== undefined)
      return true
  return false
}
