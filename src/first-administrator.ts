import { base64url } from './base/bytes.ts'
import { random } from './base/random.ts'
import type { Realm } from './realm/realm.ts'
import type { Realms } from './realm/realms.ts'
import type { Settings } from './server/settings.ts'
import type { Store } from './store/store.ts'
import { createEndUser, findByUsername } from './user/end-user.ts'

const administrator = 'amadmin'

/** @throws Error that says what to do when there is none. */
export async function requireAdministrator(settings: Store): Promise<void> {
  if ((await findByUsername({ path: '/', settings }, administrator)) !== undefined) return
  throw new Error(
    `the store has no administrator yet: give a password for ${administrator} in PARAPET_ADMIN_PASSWORD`,
  )
}

/** The administrator of the root realm: with the password given, else with one made here, which is answered. */
export async function ensureAdministrator(
  settings: Settings,
  realms: Realms,
): Promise<string | undefined> {
  const root = (await realms.find({ path: '/', url: '', issuer: '' })) as Realm
  if ((await findByUsername(root, administrator)) !== undefined) return undefined
  const { adminPassword } = settings
  const password = adminPassword ?? base64url(random(15))
  const made = await createEndUser(root, { username: administrator, password, roles: ['admin'] })
  return made !== undefined && adminPassword === undefined ? password : undefined
}
