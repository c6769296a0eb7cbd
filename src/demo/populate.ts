import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../base/json.ts'
import { clientKey, saveClient } from '../client/client.ts'
import { hashSecret } from '../client/secret.ts'
import type { Realm } from '../realm/realm.ts'
import type { Realms } from '../realm/realms.ts'
import { createRealm } from '../realm/realms.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { createEndUser, userFolder } from '../subject/end-user.ts'
import { demoClients, demoRealms, demoUser } from './seed.ts'

const markKey = 'demo'

/** Credentials a demo made, each with a digest of what makes it known to everybody. */
interface DemoMark {
  readonly seeds: readonly { readonly key: string; readonly digest: string }[]
}

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
 * been filled. The credentials are in the documentation, so the store is marked.
 */
export async function populateDemo(
  settings: Store,
  realms: Realms,
  origin: string,
): Promise<boolean> {
  if ((await settings.get(markKey)) !== undefined) return false
  const seeds: { key: string; digest: string }[] = []
  for (const path of demoRealms) {
    await createRealm(settings, { path, aliases: [], document: documents[path] ?? {} })
    const address = { path, url: `${origin}/am`, issuer: `${origin}/am/oauth2${path}` }
    const realm = (await realms.find(address)) as Realm
    seeds.push(...(await populateRealm(realm, origin)))
  }
  const mark: DemoMark = { seeds }
  await settings.insert(markKey, Buffer.from(JSON.stringify(mark)), never)
  return true
}

async function populateRealm(
  realm: Realm,
  origin: string,
): Promise<{ key: string; digest: string }[]> {
  const keys: string[] = []
  const user = await createEndUser(realm, demoUser)
  if (user !== undefined) keys.push(`${userFolder(realm)}/${user.sub}`)
  for (const { client_id, client_secret, document } of demoClients(origin)) {
    const secrets =
      client_secret === undefined ? [] : [await hashSecret(realm, client_secret, false)]
    await saveClient(realm, { client_id, document, secrets })
    if (client_secret !== undefined) keys.push(clientKey(realm, client_id))
  }
  const seeds: { key: string; digest: string }[] = []
  for (const key of keys) {
    const digest = await credentialDigest(realm.settings, key)
    if (digest !== undefined) seeds.push({ key, digest })
  }
  return seeds
}

/** Keys of demo credentials that still stand as they were made: a store that has any is no store for the world. */
export async function remainingSeeds(settings: Store): Promise<readonly string[]> {
  const stored = await settings.get(markKey)
  if (stored === undefined) return []
  const remaining: string[] = []
  for (const { key, digest } of (JSON.parse(stored.value.toString()) as DemoMark).seeds) {
    if ((await credentialDigest(settings, key)) === digest) remaining.push(key)
  }
  return remaining
}

/** A digest of a record's password or secrets; undefined when the record is gone. */
async function credentialDigest(settings: Store, key: string): Promise<string | undefined> {
  const stored = await settings.get(key)
  if (stored === undefined) return undefined
  const { password, secrets } = JSON.parse(stored.value.toString()) as Record<string, Json>
  return createHash('sha256')
    .update(JSON.stringify([password, secrets]))
    .digest('base64url')
}
