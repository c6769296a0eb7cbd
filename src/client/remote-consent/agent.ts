/**
 * Remote consent services: programs elsewhere that ask users for their consent (PingAM: remote-consent). A
 * realm knows each as an agent, and speaks with it as with a client: by its keys, or by a secret.
 */
import type { JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { memo } from '../../base/memo.ts'
import type { Ready } from '../../base/ready.ts'
import type { RemoteConsentSettings } from '../../protocol/agent/remote-consent.ts'
import {
  agentSection,
  remoteConsentAgent,
  remoteConsentAttributes,
} from '../../protocol/agent/remote-consent.ts'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import { readDocument } from '../../protocol/document.ts'
import { readSettings } from '../../protocol/setting.ts'
import { keptAttributes } from '../../protocol/unserved/attribute.ts'
import { canBeKept, keptFolder } from '../../realm/kept.ts'
import type { Realm } from '../../realm/realm.ts'
import { cachedReads } from '../../store/cached.ts'
import { keysIn } from '../../store/keys-in.ts'
import type { Store } from '../../store/store.ts'
import { removeAsRead, writeOver } from '../../store/update.ts'
import type { Client } from '../client.ts'

/** One service, parsed once per change. */
export interface RemoteConsentAgent extends RemoteConsentSettings {
  readonly id: string
  /** As whom it is spoken with: whose keys verify what it signs, and for whom is encrypted. */
  readonly party: Client
}

/**
 * What the settings shelf holds of it. It lies where the documents of other agents lie that are only kept, so
 * that one which an earlier version kept there is served by this one.
 */
export interface RemoteConsentRecord {
  readonly path: string
  /** Its attributes as they were set; whatever an earlier version kept, as it came. */
  readonly document: JsonObject
  /** A key that both have; absent: there is none. */
  readonly secret?: string
}

export interface StoredRemoteConsentAgent {
  readonly id: string
  readonly record: RemoteConsentRecord
  readonly version: number
}

/** What of a realm says where they are kept. */
type Place = Pick<Realm, 'path' | 'settings'>

/** The folder of AM's configuration that holds them. */
const remoteConsentFolder = 'realm-config/agents/RemoteConsentAgent'

const name = /^(?!\.{1,2}$)[\x20-\x2e\x30-\x7e]{1,128}$/

/** Whether it can be the id of one: one segment of a path, and an issuer. */
function isRemoteConsentId(text: string): boolean {
  return name.test(text)
}

/** The same in a realm, where it may be too long for a key. */
export function canBeRemoteConsentAgent({ path }: Pick<Realm, 'path'>, id: string): boolean {
  return isRemoteConsentId(id) && canBeKept(path, `${remoteConsentFolder}/${id}`)
}

function keyOf({ path }: Pick<Realm, 'path'>, id: string): string {
  return `${keptFolder(path)}/${encodeURIComponent(`${remoteConsentFolder}/${id}`)}`
}

/** As it stands in the store, for those who are about to show or change it. */
export async function readRemoteConsentAgent(
  realm: Place,
  id: string,
): Promise<StoredRemoteConsentAgent | undefined> {
  if (!isRemoteConsentId(id)) return undefined
  const stored = await realm.settings.get(keyOf(realm, id))
  if (stored === undefined) return undefined
  const record = JSON.parse(stored.value.toString()) as RemoteConsentRecord
  return { id, record, version: stored.version }
}

/** The same for its use: one object for as long as it does not change. */
export function findRemoteConsentAgent(
  realm: Place,
  id: string,
): Ready<RemoteConsentAgent | undefined> {
  return isRemoteConsentId(id) ? readsOf(realm.settings)(keyOf(realm, id)) : undefined
}

/** Writes one in the place of what was read, or a new one; false when somebody was faster. */
export async function writeRemoteConsentAgent(
  realm: Place,
  id: string,
  { document, secret }: Omit<RemoteConsentRecord, 'path'>,
  before: StoredRemoteConsentAgent | undefined,
): Promise<boolean> {
  const path = `${remoteConsentFolder}/${id}`
  const record: RemoteConsentRecord = {
    path,
    document,
    ...(secret === undefined ? {} : { secret }),
  }
  const value = Buffer.from(JSON.stringify(record))
  return writeOver(realm.settings, keyOf(realm, id), value, before)
}

/** Removes the one that was read; false when it had changed or gone meanwhile. */
export async function deleteRemoteConsentAgent(
  realm: Place,
  stored: StoredRemoteConsentAgent,
): Promise<boolean> {
  return removeAsRead(realm.settings, keyOf(realm, stored.id), stored)
}

/** The ids of a realm's remote consent services, in order. */
export async function remoteConsentIds(realm: Place): Promise<readonly string[]> {
  const folder = keptFolder(realm.path)
  const after = keyOf(realm, '')
  const ids: string[] = []
  for await (const key of keysIn(realm.settings, folder, { after })) {
    if (!key.startsWith(after)) break
    ids.push(decodeURIComponent(key.slice(after.length)))
  }
  return ids.filter(isRemoteConsentId).sort()
}

/** A document of AM's, flat, wrapped or plain, sorted out; and the secret that stood in it. */
export function readRemoteConsentDocument(input: JsonObject, filled = false, stored?: JsonObject) {
  const { userpassword, ...others } = input
  const own = Object.entries(others).filter(([each]) => !each.startsWith('_') && each !== 'parapet')
  const section = { [agentSection]: Object.fromEntries(own) }
  const before = stored && { [agentSection]: stored }
  return {
    userpassword,
    ...readDocument(remoteConsentAttributes, section, { filled, stored: before }),
  }
}

/** What stands in the one section there is. */
export function flat(sections: JsonObject): JsonObject {
  const content = member(sections, agentSection)
  return isObject(content) ? content : {}
}

/** The key that both have, whichever version wrote it down. */
export function secretOf({ document, secret }: RemoteConsentRecord): string | undefined {
  if (secret !== undefined) return secret
  const { userpassword } = readRemoteConsentDocument(document)
  return typeof userpassword === 'string' && userpassword !== '' ? userpassword : undefined
}

const readsOf = memo((settings: Store) =>
  cachedReads(settings, { keyOf: (key) => key, parse, limit: 1000 }),
)

function parse(value: Buffer, version: number): RemoteConsentAgent {
  const record = JSON.parse(value.toString()) as RemoteConsentRecord
  const id = record.path.slice(remoteConsentFolder.length + 1)
  const { document, kept } = readRemoteConsentDocument(record.document)
  const { values } = readSettings(remoteConsentAgent, document)
  const unserved = keptAttributes(remoteConsentAttributes, document, kept)
  const party = { ...partyOf(id, values, secretOf(record), version), unserved }
  return { ...values, id, party }
}

function partyOf(
  id: string,
  { publicKeyLocation, jwksUri, jwkSet, ...times }: RemoteConsentSettings,
  secret: string | undefined,
  version: number,
): Client {
  const { jwksCacheTimeout, jwkStoreCacheMissCacheTime } = times
  const keys = { publicKeyLocation, jwksUri, jwkSet, jwksCacheTimeout, jwkStoreCacheMissCacheTime }
  const document: JsonObject = {
    coreOAuth2ClientConfig: { clientType: 'Confidential' },
    signEncOAuth2ClientConfig: keys,
  }
  return {
    ...readSettings(clientMetadata, document).values,
    client_id: id,
    incarnation: '',
    created: 0,
    version,
    // Nothing is ever compared with its hash: it is a key and nothing else.
    secrets: secret === undefined ? [] : [{ hash: '', symmetric: secret }],
    unserved: [],
    document,
    scopeNames: new Set(),
  }
}
