import { keyForm } from '../store/store.ts'
import { realmName } from './realm.ts'

/** The folder of the settings shelf that has the documents of a realm which are only kept, by their paths. */
export function keptFolder(realm: string): string {
  return `kept/${realmName(realm)}`
}

/** Whether a document may stand at a path of a realm: in its key a sign that is not of ASCII is up to nine. */
export function canBeKept(realm: string, path: string): boolean {
  return path.isWellFormed() && keyForm.test(`${keptFolder(realm)}/${encodeURIComponent(path)}`)
}
