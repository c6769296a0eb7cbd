import type { Realm } from '../../realm/realm.ts'
import { realmName } from '../../realm/realm.ts'
import type { Saved } from '../kind.ts'

/** Folders of the settings shelf whose names may stand as `sub` in a token. */
const subjects = ['user', 'client', 'service-account'] as const

/**
 * Whether something of another kind has that id already: whom a token is about is never in doubt (T-10). Kinds have
 * keys of their own, so that no verb of the store writes one only where the other is not: whoever has made one asks
 * once more, and takes it back. Of two that come at once at least one then sees the other; a process that ends
 * between the two steps is the one way to both.
 */
export async function isOfAnotherKind(
  { settings, path }: Pick<Realm, 'settings' | 'path'>,
  own: (typeof subjects)[number],
  id: string,
): Promise<boolean> {
  const rest = `${realmName(path)}/${encodeURIComponent(id)}`
  for (const folder of subjects)
    if (folder !== own && (await settings.get(`${folder}/${rest}`)) !== undefined) return true
  return false
}

/** The answer to whoever wants to be called so. */
export const somebodyElse: Saved = {
  outcome: 'invalid',
  problems: [{ path: '_id', text: 'is somebody else’s' }],
}
