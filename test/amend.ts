/** Changes of settings in the middle of a test, as an administrator would make them. */
import assert from 'node:assert/strict'
import type { JsonObject } from '../src/base/json.ts'
import { isObject } from '../src/base/json.ts'
import { readClient, saveClient } from '../src/client/registration.ts'
import type { Realm } from '../src/realm/realm.ts'
import { readRealm } from '../src/realm/realms.ts'
import { saveProvider } from '../src/realm/record.ts'
import type { World } from './world.ts'

/** Changes some attributes of a registered client, by AM's sections. */
export async function amend(
  w: World,
  client_id: string,
  sections: Readonly<Record<string, JsonObject>>,
): Promise<void> {
  await amendIn(await w.realm(), client_id, sections)
}

/** The same in a realm of whatever server. */
export async function amendIn(
  realm: Realm,
  client_id: string,
  sections: Readonly<Record<string, JsonObject>>,
): Promise<void> {
  const stored = await readClient(realm, client_id)
  assert.ok(stored !== undefined)
  await saveClient(realm, {
    ...stored.record,
    document: merged(stored.record.document, sections),
  })
}

/** Changes some settings of alpha. */
export async function amendRealm(
  w: World,
  sections: Readonly<Record<string, JsonObject>>,
): Promise<void> {
  const realm = await w.realm()
  const stored = await readRealm(realm)
  assert.ok(stored !== undefined)
  assert.ok(await saveProvider(realm, stored, merged(stored.record.document, sections)))
}

function merged(document: JsonObject, sections: Readonly<Record<string, JsonObject>>): JsonObject {
  const changed = Object.entries(sections).map(([name, values]) => {
    const before = document[name]
    return [name, { ...(isObject(before) ? before : {}), ...values }]
  })
  return { ...document, ...Object.fromEntries(changed) } as JsonObject
}
