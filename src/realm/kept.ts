import { realmName } from './realm.ts'

/** The folder of the settings shelf that has the documents of a realm which are only kept, by their paths. */
export function keptFolder(realm: string): string {
  return `kept/${realmName(realm)}`
}
