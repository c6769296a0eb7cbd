import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey } from 'node:crypto'

/** Keys of a realm for one purpose each, derived from the key outside the database. */
export function secrets(key: KeyObject, path: string): (purpose: string) => KeyObject {
  const made = new Map<string, KeyObject>()
  return (purpose) => {
    let secret = made.get(purpose)
    if (secret === undefined) {
      secret = createSecretKey(
        createHmac('sha256', key).update(`realm secret ${purpose} ${path}`).digest(),
      )
      made.set(purpose, secret)
    }
    return secret
  }
}
