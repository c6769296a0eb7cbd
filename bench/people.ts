import { argon2Hash } from '../src/base/argon2.ts'
import { random } from '../src/base/random.ts'
import { userKind } from '../src/config/user.ts'
import type { Realm } from '../src/realm/realm.ts'
import { first, insertEndUser } from '../src/user/account/account.ts'
import { findByUsername, newUuid, removeEndUser } from '../src/user/end-user.ts'
import { nameFolder } from '../src/user/username.ts'

/** The password of everybody, and of the administrator. */
export const password = 'correct horse battery'
export const administrator = 'administrator'

/** Writes under way at once. */
const together = 256

/** Accounts `user-0` and on, as they are made by hand but for the hash, which is one for all. */
export async function settle(realm: Realm, count: number): Promise<void> {
  const change = { by: 'bench', condition: { obstacle: () => undefined, strict: false } }
  await userKind.save(realm, administrator, { password, roles: ['admin'] }, change)
  const hash = await argon2Hash(password, random(16))
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      const username = `user-${next++}`
      const attributes = { name: username, family_name: username, email: `${username}@example.com` }
      const account = { username, status: 'Active', password: hash, attributes, roles: [] } as const
      await insertEndUser(realm, { ...first, ...account, sub: newUuid(random) })
    }
  }
  await Promise.all(Array.from({ length: together }, worker))
}

/** Removes those that a turn has made. */
export async function unsettle(realm: Realm): Promise<void> {
  const folder = nameFolder(realm)
  const behind = `${folder}/new-`
  for (;;) {
    const { keys } = await realm.settings.list(folder, 1000, behind)
    const made = keys.filter((key) => key.startsWith(behind))
    if (made.length === 0) return
    for (const key of made) {
      const user = await findByUsername(realm, key.slice(folder.length + 1))
      if (user !== undefined) await removeEndUser(realm, user)
    }
  }
}
