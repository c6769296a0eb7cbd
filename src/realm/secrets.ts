import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey } from 'node:crypto'

/** Keys of a realm, by its identity, for one purpose each, derived from the key outside the database. */
export function secrets(key: KeyObject, identity: string): (purpose: string) => KeyObject {
  const made = new Map<string, KeyObject>()
  return (purpose) => {
    let secret = made.get(purpose)
    if (secret === undefined) {
      secret = createSecretKey(
        createHmac('sha256', key).update(`realm secret ${purpose} ${identity}`).digest(),
      )
      made.set(purpose, secret)
    }
    return secret
  }
}
