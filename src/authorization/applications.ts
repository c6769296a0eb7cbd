import { event } from '../base/log.ts'
import type { Client } from '../client/client.ts'
import { findClient } from '../client/client.ts'
import type { Application } from '../grant/application.ts'
import {
  applicationFolder,
  applicationKey,
  applicationListed,
  mayLive,
} from '../grant/application.ts'
import type { Realm } from '../realm/realm.ts'
import { listFolder } from '../session/session-list.ts'
import { allKeysIn, keysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { lost, removeAsRead, untilDecided } from '../store/update.ts'
import { epochFor } from '../user/counters.ts'
import type { EndUser } from '../user/end-user.ts'
import { findEndUser } from '../user/end-user.ts'
import { withdrawApplication } from '../user/epoch.ts'
import type { Consent } from './consent.ts'
import { consentFolder, consentKey, savedConsent } from './consent.ts'

/** What a user lets an application do, by tokens it was issued or for good. */
export interface AllowedApplication {
  readonly client: Client
  readonly scope: readonly string[]
  /** Claims that were allowed by name. */
  readonly claims: readonly string[]
  /** Seconds. */
  readonly since: number
  /** Seconds: when the last token ends; undefined where more may follow without asking the user again. */
  readonly until: number | undefined
}

/**
 * The applications a user allowed something, by id: those that had tokens issued since lists of them are
 * kept and may have one that lives, and those whose consent was saved.
 */
export async function applicationsOf(
  realm: Realm,
  sub: string,
): Promise<readonly AllowedApplication[]> {
  const folders = await Promise.all([
    allKeysIn(realm.records, applicationFolder(realm, sub)),
    allKeysIn(realm.settings, consentFolder(realm, sub)),
  ])
  const ids = new Set(folders.flat().map(applicationListed))
  const found = await Promise.all([...ids].sort().map((id) => applicationOf(realm, sub, id)))
  return found.filter((each) => each !== undefined)
}

/** What a user lets one application do; undefined where that is nothing. */
export async function applicationOf(
  realm: Realm,
  sub: string,
  client_id: string,
): Promise<AllowedApplication | undefined> {
  const client = await findClient(realm, client_id)
  const user = await findEndUser(realm, sub)
  if (client === undefined || user === undefined) return undefined
  const [noted, consent] = await Promise.all([
    notedApplication(realm, user, client),
    savedConsent(realm, client, user),
  ])
  return noted === undefined && consent === undefined ? undefined : joined(client, noted, consent)
}

async function notedApplication(
  realm: Realm,
  user: EndUser,
  { client_id, incarnation }: Client,
): Promise<Application | undefined> {
  const stored = await realm.records.get(applicationKey(realm, user.sub, client_id))
  if (stored === undefined) return undefined
  const noted = JSON.parse(stored.value.toString()) as Application
  const current = noted.incarnation === incarnation && noted.epoch === epochFor(user, client_id)
  return current && mayLive(noted, realm.now()) ? noted : undefined
}

function joined(
  client: Client,
  noted: Application | undefined,
  consent: Consent | undefined,
): AllowedApplication {
  const ended = consent === undefined && noted?.renewable === false
  return {
    client,
    scope: [...new Set([...(noted?.scope ?? []), ...(consent?.scope ?? [])])],
    claims: consent?.claims ?? [],
    since: Math.min(noted?.since ?? Infinity, consent?.saved_at ?? Infinity),
    until: ended ? noted.until : undefined,
  }
}

/**
 * Takes back what a user let an application do: its grants and the saved consent end with one write, then
 * what told of them is removed, and nothing that was allowed since. False when there was nothing. `by`: who asked for it.
 */
export async function takeBack(
  realm: Realm,
  sub: string,
  client_id: string,
  by: string,
): Promise<boolean> {
  if ((await applicationOf(realm, sub, client_id)) === undefined) return false
  if (!(await withdrawApplication(realm, sub, client_id))) return false
  event('application.withdrawn', { realm: realm.path, sub, client_id, by })
  const entries: readonly (readonly [Store, string])[] = [
    [realm.records, applicationKey(realm, sub, client_id)],
    [realm.settings, consentKey(realm, { client_id }, sub)],
  ]
  await Promise.all(entries.map(([store, key]) => removeOver(realm, sub, client_id, store, key)))
  return true
}

/** Unless it tells of something that was allowed since: that lives, and could not be taken back without it. */
async function removeOver(
  realm: Realm,
  sub: string,
  client_id: string,
  store: Store,
  key: string,
): Promise<void> {
  await untilDecided('what was withdrawn', async () => {
    const stored = await store.get(key)
    if (stored === undefined) return undefined
    const user = await findEndUser(realm, sub)
    const { epoch = 0 } = JSON.parse(stored.value.toString()) as Pick<Consent, 'epoch'>
    if (user !== undefined && epoch >= epochFor(user, client_id)) return undefined
    return (await removeAsRead(store, key, stored)) ? undefined : lost
  })
}

/**
 * Removes what lists and consents keep of a user who is no more. All of it is over with the account: this
 * only gives the space back, and leaves nothing of the person behind.
 */
export async function forgetUser(realm: Realm, sub: string): Promise<void> {
  const folders: readonly (readonly [Store, string])[] = [
    [realm.records, applicationFolder(realm, sub)],
    [realm.records, listFolder(realm, sub)],
    [realm.settings, consentFolder(realm, sub)],
  ]
  for (const [store, folder] of folders)
    for await (const key of keysIn(store, folder)) await store.delete(key)
}
