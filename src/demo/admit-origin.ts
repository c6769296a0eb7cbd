import { isObject, type Json, type JsonObject } from '../base/json.ts'
import { readClient, writeClient } from '../client/registration.ts'
import type { Realm } from '../realm/realm.ts'
import { lost, untilDecided } from '../store/update.ts'
import { demoAddresses } from './seed.ts'

/**
 * Adds to a demo client the addresses at which the demo is served now, where they are absent: the port
 * may be another one than when the store was filled. A client that is gone stays gone.
 */
export function admitOrigin(realm: Realm, client_id: string, origin: string): Promise<void> {
  return untilDecided(`client ${client_id} of ${realm.path}`, async () => {
    const stored = await readClient(realm, client_id)
    if (stored === undefined) return
    const document = withOrigin(stored.record.document, origin)
    if (document === undefined) return
    if (!(await writeClient(realm, { ...stored.record, document }, stored))) return lost
  })
}

/** Undefined when nothing is absent. */
function withOrigin(document: JsonObject, origin: string): JsonObject | undefined {
  const { callback, start } = demoAddresses(origin)
  const places = [
    ['coreOAuth2ClientConfig', 'redirectionUris', callback],
    ['coreOpenIDClientConfig', 'postLogoutRedirectUri', start],
  ] as const
  const absent = places.filter(
    ([section, name, uri]) => !listOf(document, section, name).includes(uri),
  )
  if (absent.length === 0) return undefined
  const changed = absent.map(([section, name, uri]): [string, Json] => {
    const list = [...listOf(document, section, name), uri]
    return [section, { ...sectionOf(document, section), [name]: list }]
  })
  return { ...document, ...Object.fromEntries<Json>(changed) }
}

function sectionOf(document: JsonObject, section: string): JsonObject {
  const found = document[section]
  return isObject(found) ? found : {}
}

function listOf(document: JsonObject, section: string, name: string): readonly Json[] {
  const found = sectionOf(document, section)[name]
  return Array.isArray(found) ? (found as readonly Json[]) : []
}
