/** Where accounts are stored: `user/<realm>/<sub>`. */
import { realmName } from '../../realm/realm.ts'
import type { Population } from '../end-user.ts'

/** The folder that lists a realm's accounts. */
export function userFolder(realm: Population): string {
  return `user/${realmName(realm.path)}`
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether it can be the `sub` of an account. */
export function isSub(text: string): boolean {
  return uuid.test(text)
}

export function userKey(realm: Population, sub: string): string {
  return `${userFolder(realm)}/${sub}`
}
