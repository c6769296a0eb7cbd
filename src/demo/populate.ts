import { isDeepStrictEqual } from 'node:util'
import { argon2Verify } from '../base/argon2.ts'
import { findClient } from '../client/client.ts'
import { deleteClient, readClient, writeClient } from '../client/registration.ts'
import { hashSecret } from '../client/stored-secret.ts'
import type { Realm } from '../realm/realm.ts'
import type { Realms } from '../realm/realms.ts'
import { createRealm, readRealm } from '../realm/realms.ts'
import { saveProvider } from '../realm/record.ts'
import type { Store } from '../store/store.ts'
import { never } from '../store/store.ts'
import { lost, untilDecided } from '../store/update.ts'
import { createEndUser, findByUsername, removeEndUser } from '../user/end-user.ts'
import { admitOrigin } from './admit-origin.ts'
import type { DemoCredentials } from './seed.ts'
import {
  credentialsOf,
  demoClients,
  demoDocuments,
  demoRealms,
  demoUser,
  knownCredentials,
} from './seed.ts'

/** Marks a store the demo has written to, from before the first write on. */
const markKey = 'demo'
const begun = 'begun'
const filled = 'filled'

/**
 * Marks an empty store as the demo's. Comes before everything else that is made, so that a start cut
 * short anywhere leaves a store that can be told from one in use. The mark keeps the seed of the
 * credentials, where they are to be the demo's own.
 *
 * @throws Error for a store in use that no demo has marked: it would gain accounts everybody knows.
 */
export async function markDemo(settings: Store, seed?: string): Promise<void> {
  // The realms first: another demo that makes them now has set the mark before.
  const { keys } = await settings.list('realm', 1)
  if (keys.length > 0 && (await settings.get(markKey)) === undefined)
    throw new Error("the store is in use and is no demo's: take another PARAPET_DATA")
  if ((await settings.insert(markKey, markOf(begun, seed), never)) === 'won') return
  const mark = await settings.get(markKey)
  if (seed !== undefined && mark !== undefined && readMark(mark.value).seed === undefined)
    throw new Error(
      'this demo has the credentials that everybody knows: take another PARAPET_DATA, or `parapet remove-demo`',
    )
}

/**
 * Fills a marked store with the demo's realms, users and clients; of one that has been filled, those
 * clients that are left only learn where the demo is served now. Every write is an insert or a replace,
 * so that a start cut short is taken up again, and of several processes at once none undoes what
 * another wrote.
 */
export async function populateDemo(
  settings: Store,
  realms: Realms,
  origin: string,
): Promise<Filled | undefined> {
  const mark = await settings.get(markKey)
  if (mark === undefined) return undefined
  const { state, seed } = readMark(mark.value)
  const credentials = seed === undefined ? knownCredentials : credentialsOf(seed)
  const isNew = state === begun
  for (const path of demoRealms) {
    if (isNew)
      await createRealm(settings, { path, aliases: [], document: demoDocuments[path] ?? {} })
    const realm = await realms.find({ path, url: '', issuer: '' })
    if (realm === undefined) continue
    if (isNew) await populateRealm(realm, origin, credentials)
    for (const { client_id } of demoClients(origin)) await admitOrigin(realm, client_id, origin)
  }
  if (isNew) await settings.replace(markKey, mark.version, markOf(filled, seed), never)
  return { credentials, isNew }
}

/** Whether there is a demo, and for whom: for this machine, or with credentials of its own for whoever reaches it. */
export type Demo = 'none' | 'here' | 'exposed'

/** What a demo begins with, and whether it was made just now. */
export interface Filled {
  readonly credentials: DemoCredentials
  readonly isNew: boolean
}

function readMark(value: Buffer): { readonly state: string; readonly seed: string | undefined } {
  const [state = '', seed] = value.toString().split(' ')
  return { state, seed }
}

function markOf(state: string, seed: string | undefined): Buffer {
  return Buffer.from(seed === undefined ? state : `${state} ${seed}`)
}

async function populateRealm(
  realm: Realm,
  origin: string,
  { password, secretOf }: DemoCredentials,
): Promise<void> {
  await createEndUser(realm, { ...demoUser, password })
  for (const { client_id, document } of demoClients(origin)) {
    const secret = secretOf(client_id)
    const secrets = secret === undefined ? [] : [await hashSecret(realm, secret, false)]
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
 * Removes the demo's user and clients, whatever became of them, the settings it gave its realms, and
 * the mark: what is left is a store like any other. Tells what was done, a line each. The mark goes last: a store that may still have credentials
 * everybody knows stays one that is asked for them.
 *
 * @throws Error when a client is changed faster than it can be removed.
 */
export async function removeDemo(settings: Store, realms: Realms): Promise<readonly string[]> {
  const marked = (await settings.get(markKey)) !== undefined
  const done: string[] = []
  for (const path of demoRealms) {
    const realm = await realms.find({ path, url: '', issuer: '' })
    if (realm === undefined) continue
    done.push(...(await emptyRealm(realm)).map((what) => `removed ${what}`))
    if (marked) done.push(await plainSettings(realm))
  }
  await settings.delete(markKey)
  return done
}

/**
 * Gives a realm the settings any other has, if it still has the demo's: bravo's let clients do without
 * PKCE (C-12). What somebody has set since is not the demo's to take away.
 */
function plainSettings(realm: Realm): Promise<string> {
  return untilDecided(`the settings of ${realm.path}`, async () => {
    const stored = await readRealm(realm)
    const { document } = stored?.record ?? {}
    if (stored === undefined || !isDeepStrictEqual(document, demoDocuments[realm.path]))
      return `left the settings of ${realm.path}, which are no longer the demo's`
    if (!(await saveProvider(realm, stored, {}))) return lost
    return `set the settings of ${realm.path} to their defaults`
  })
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

/** Removes a client, also when it is changed meanwhile; false when there is none. */
function removeClient(realm: Realm, client_id: string): Promise<boolean> {
  return untilDecided(`client ${client_id} of ${realm.path}`, async () => {
    const stored = await readClient(realm, client_id)
    if (stored === undefined) return false
    return (await deleteClient(realm, client_id, stored.version)) ? true : lost
  })
}

async function isKnown(hashes: readonly (string | undefined)[], text: string): Promise<boolean> {
  const matches = await Promise.all(hashes.map((phc) => argon2Verify(phc ?? '', text)))
  return matches.includes(true)
}
