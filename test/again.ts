/** Things that are deleted and made again under the same id, alike in all that anybody sets (C-37). */
import assert from 'node:assert/strict'
import type { ClientRecord } from '../src/client/registration.ts'
import { deleteClient, readClient, saveClient } from '../src/client/registration.ts'
import { hashSecret } from '../src/client/stored-secret.ts'
import { demoUser } from '../src/demo/seed.ts'
import { createRealm, readRealm } from '../src/realm/realms.ts'
import { removeRealm } from '../src/realm/removal.ts'
import { never } from '../src/store/store.ts'
import { createEndUser, findByUsername, removeEndUser } from '../src/user/end-user.ts'
import { giveKeys } from './realm-keys.ts'
import type { World } from './world.ts'

/** Deletes a client of alpha and registers it again, with its secrets or with another one. */
export async function clientAgain(w: World, client_id: string, secret?: string): Promise<void> {
  const realm = await w.realm()
  const { record, version } = (await readClient(realm, client_id)) ?? assert.fail()
  assert.ok(await deleteClient(realm, client_id, version))
  w.clock.now += 1
  const secrets = secret === undefined ? record.secrets : [await hashSecret(realm, secret, false)]
  const { document } = record
  assert.equal(await saveClient(realm, { client_id, document, secrets }), 'created')
}

/** Removes the user of that name from alpha and makes another one, with the same password. */
export async function userAgain(w: World): Promise<void> {
  const realm = await w.realm()
  await removeEndUser(realm, (await findByUsername(realm, 'demo')) ?? assert.fail())
  w.clock.now += 1
  assert.ok(await createEndUser(realm, demoUser))
}

/**
 * Removes alpha and makes a realm of that path with the same keys, the same clients, and the same
 * accounts under the same UUIDs, as somebody might who brings them back from a copy.
 */
export async function realmAgain(w: World): Promise<void> {
  const before = await w.realm()
  const { record } = (await readRealm(before)) ?? assert.fail()
  const accounts = await copied(w, ['user', 'username'])
  const clients = (await copied(w, ['client'])).values()
  assert.equal(await removeRealm(w.settings, '/alpha'), 'removed')
  assert.equal(await w.realm(), undefined)
  w.clock.now += 1
  await giveKeys(w.settings, '/alpha')
  const { path, aliases, document } = record
  assert.equal(await createRealm(w.settings, { path, aliases, document }), true)
  for (const [key, value] of accounts)
    assert.equal(await w.settings.insert(key, value, never), 'won')
  for (const value of clients) {
    const client = JSON.parse(value.toString()) as ClientRecord
    assert.equal(await saveClient(await w.realm(), client), 'created')
  }
}

async function copied(w: World, folders: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const values = new Map<string, Buffer>()
  for (const folder of folders) {
    for (const key of (await w.settings.list(`${folder}/%2Falpha`, 1000)).keys) {
      const stored = await w.settings.get(key)
      if (stored !== undefined) values.set(key, stored.value)
    }
  }
  return values
}
