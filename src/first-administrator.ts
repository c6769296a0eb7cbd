import { base64url } from './base/bytes.ts'
import { random } from './base/random.ts'
import { readSettings } from './protocol/setting.ts'
import { oauth2Provider } from './realm/oauth2-provider.ts'
import type { Realm } from './realm/realm.ts'
import type { Realms } from './realm/realms.ts'
import type { Settings } from './server/settings.ts'
import type { Store } from './store/store.ts'
import { createEndUser, findByUsername } from './user/end-user.ts'
import { passwordProblem } from './user/new-password/new-password.ts'

const administrator = 'amadmin'

const rootAddress = { path: '/', url: '', issuer: '' }

/** What keeps a store without an administrator from having one, with what to do about it; undefined: nothing. */
export async function administratorProblem(
  { adminPassword }: Settings,
  demo: boolean,
  store: Store,
  realms: Realms,
): Promise<string | undefined> {
  if (adminPassword === undefined && demo) return undefined
  if ((await findByUsername({ path: '/', settings: store }, administrator)) !== undefined)
    return undefined
  if (adminPassword === undefined)
    return `the store has no administrator yet: give a password for ${administrator} in PARAPET_ADMIN_PASSWORD`
  // The root may not be there yet; it is made with what every realm has.
  const root = (await realms.find(rootAddress)) ?? {
    provider: readSettings(oauth2Provider, {}).values,
  }
  const problem = passwordProblem(root, adminPassword, administrator)
  return problem && `the password of ${administrator} in PARAPET_ADMIN_PASSWORD ${problem.text}`
}

/** The administrator of the root realm: with the password given, else with one made here, which is answered. */
export async function ensureAdministrator(
  settings: Settings,
  realms: Realms,
): Promise<string | undefined> {
  const root = (await realms.find(rootAddress)) as Realm
  if ((await findByUsername(root, administrator)) !== undefined) return undefined
  const { adminPassword } = settings
  const password = adminPassword ?? base64url(random(15))
  const made = await createEndUser(root, { username: administrator, password, roles: ['admin'] })
  return made !== undefined && adminPassword === undefined ? password : undefined
}
