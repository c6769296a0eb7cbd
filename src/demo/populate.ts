import { argon2Verify } from '../base/argon2.ts'
import type { JsonObject } from '../base/json.ts'
import { deleteClient, findClient, readClient, writeClient } from '../client/client.ts'
import { hashSecret } from '../client/secret.ts'
import type { Realm } from '../realm/realm.ts'
import type { Realms } from '../realm/realms.ts'
import { allRealms, createRealm } from '../realm/realms.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { createEndUser, findByUsername, removeEndUser } from '../subject/end-user.ts'
import { demoClients, demoRealms, demoUser } from './seed.ts'

/** Marks a store the demo has written to, from before the first write on. */
const markKey = 'demo'
const begun = Buffer.from('begun')
const filled = Buffer.from('filled')

/** What sets the demo's realms apart from a bare realm. */
const documents: Readonly<Record<string, JsonObject>> = {
  '/alpha': { advancedOIDCConfig: { loaMapping: { password: 'Password', login: 'Login' } } },
  '/bravo': {
    advancedOAuth2Config: { codeVerifierEnforced: 'false' },
    advancedOIDCConfig: { loaMapping: { password: 'Password', login: 'Login' } },
  },
}

/**
 * Fills an empty store with the demo's realms, users and clients; does nothing to a store that has
 * been filled. Every write is an insert, so that a start cut short is taken up again, and of several
 * processes at once none undoes what another wrote.
 *
 * @throws Error of a store that is somebody's already: it is not given credentials everybody knows.
 */
export async function populateDemo(
  settings: Store,
  realms: Realms,
  origin: string,
  now?: number,
): Promise<void> {
  // Whoever fills it marks it before its first realm is there.
  const inUse = (await allRealms(settings)).length > 0
  if (inUse && (await settings.get(markKey)) === undefined) {
    throw new Error('this store is in use, and not by a demo: take another PARAPET_DATA for one')
  }
  await settings.insert(markKey, begun, never)
  const mark = await settings.get(markKey)
  if (mark === undefined || !mark.value.equals(begun)) return
  for (const path of demoRealms) {
    await createRealm(settings, { path, aliases: [], document: documents[path] ?? {} }, now)
    const realm = await realms.find({ path, url: '', issuer: '' })
    if (realm !== undefined) await populateRealm(realm, origin)
  }
  await settings.replace(markKey, mark.version, filled, never)
}

async function populateRealm(realm: Realm, origin: string): Promise<void> {
  await createEndUser(realm, demoUser)
  for (const { client_id, client_secret, document } of demoClients(origin)) {
    const secrets =
      client_secret === undefined ? [] : [await hashSecret(realm, client_secret, false)]
    await writeClient(realm, { client_id, document, secrets }, undefined)
  }
}

/**
 * The demo's credentials that still work: they are in the documentation, so a store that has any is
 * no store for the world. They are tried, not compared with what was written once: whoever set the
 * same password again has changed nothing.
 */
export async function remainingSeeds(settings: Store, realms: Realms): Promise<readonly string[]> {
  if ((await settings.get(markKey)) === undefined) return []
  const remaining: string[] = []
  for (const path of demoRealms) {
    const realm = await realms.find({ path, url: '', issuer: '' })
    if (realm !== undefined) remaining.push(...(await seedsOf(realm)))
  }
  return remaining
}

async function seedsOf(realm: Realm): Promise<string[]> {
  const seeds: string[] = []
  const { username, password } = demoUser
  const user = await findByUsername(realm, username)
  if (await isKnown([user?.password], password)) seeds.push(`user ${username} of ${realm.path}`)
  for (const { client_id, client_secret } of demoClients('')) {
    if (client_secret === undefined) continue
    const client = await findClient(realm, client_id)
    const hashes = client?.secrets.map(({ hash }) => hash) ?? []
    if (await isKnown(hashes, client_secret)) seeds.push(`client ${client_id} of ${realm.path}`)
  }
  return seeds
}

/**
 * Removes the demo's user and clients, whatever became of them, and the mark: what is left is a store
 * like any other. Tells what was removed.
 */
export async function removeDemo(settings: Store, realms: Realms): Promise<readonly string[]> {
  const removed: string[] = []
  for (const path of demoRealms) {
    const realm = await realms.find({ path, url: '', issuer: '' })
    if (realm !== undefined) removed.push(...(await emptyRealm(realm)))
  }
  await settings.delete(markKey)
  return removed
}

async function emptyRealm(realm: Realm): Promise<string[]> {
  const removed: string[] = []
  const user = await findByUsername(realm, demoUser.username)
  if (user !== undefined) {
    await removeEndUser(realm, user)
    removed.push(`user ${user.username} of ${realm.path}`)
  }
  for (const { client_id } of demoClients('')) {
    if (await removeClient(realm, client_id)) removed.push(`client ${client_id} of ${realm.path}`)
  }
  return removed
}

/** Whether there was one. @throws Error when somebody kept changing it: it may still have the demo's secret. */
async function removeClient(realm: Realm, client_id: string): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const stored = await readClient(realm, client_id)
    if (stored === undefined) return false
    if (await deleteClient(realm, client_id, stored.version)) return true
  }
  throw new Error(`client ${client_id} of ${realm.path} keeps being changed: try again`)
}

async function isKnown(hashes: readonly (string | undefined)[], text: string): Promise<boolean> {
  const matches = await Promise.all(hashes.map((phc) => argon2Verify(phc ?? '', text)))
  return matches.includes(true)
}
