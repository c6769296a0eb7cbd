import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { event } from '../base/log.ts'
import { symmetricBytes } from '../client/key-rules.ts'
import { readClientDocument, registrationProblems } from '../client/metadata.ts'
import type { StoredClient } from '../client/registration.ts'
import { clientIds, deleteClient, readClient, writeClient } from '../client/registration.ts'
import type { StoredSecret } from '../client/stored-secret.ts'
import {
  hashSecret,
  isSecret,
  readStoredSecrets,
  secretJson,
  storedSecretsSchema,
} from '../client/stored-secret.ts'
import { clientAttributes, clientMetadata } from '../protocol/client-metadata.ts'
import { attributeNames, showDocument } from '../protocol/document.ts'
import type { Problem } from '../protocol/problem.ts'
import { readSettings, unwrap } from '../protocol/setting.ts'
import type { Realm } from '../realm/realm.ts'
import { lost, untilDecided } from '../store/update.ts'
import { clientSchema } from './client-schema.ts'
import type { Change, Item, Kind, Saved } from './kind.ts'
import { idsAsked, listWhole } from './query.ts'

const core = 'coreOAuth2ClientConfig'

/** Secrets as they are stored, by trusted doors only. */
const hashesName = 'userpasswordHashes'

/** The clients of a realm (PingAM: rest-api-oauth2-client-admin-endpoint). What a body leaves out is unset, except the secret. */
export const clientKind: Kind = {
  name: 'client',
  member: 'clients',
  backup: {
    schema: {
      properties: { [core]: { properties: { [hashesName]: storedSecretsSchema } } },
    },
    async read(realm, id) {
      const { secrets = [] } = (await readClient(realm, id))?.record ?? {}
      return secrets.length === 0
        ? undefined
        : { [core]: { [hashesName]: secrets.map(secretJson) } }
    },
  },
  schema: clientSchema,
  async list(realm, query) {
    const read = async (id: string): Promise<Item | undefined> =>
      itemOf(await readClient(realm, id))
    const ids = idsAsked(query, await clientIds(realm))
    return listWhole(query, ids, read, ({ value }) => showClient(value))
  },
  read: async (realm, id) => itemOf(await readClient(realm, id)),
  show: showClient,

  save(realm, id, input, change) {
    return untilDecided('a client', async () => {
      const before = await readClient(realm, id)
      const obstacle = change.condition.obstacle(itemOf(before)?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      return writeOver(realm, id, input, change, before)
    })
  },

  remove(realm, id, { by, condition }) {
    return untilDecided('a client', async () => {
      const stored = await readClient(realm, id)
      const item = itemOf(stored)
      const obstacle = condition.obstacle(item?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined || item === undefined) return { outcome: 'absent' }
      if (!(await deleteClient(realm, id, stored.version))) return lost
      event('client.deleted', { realm: realm.path, client_id: id, by })
      return { outcome: 'removed', item }
    })
  },
}

function showClient(value: JsonObject): JsonObject {
  return showDocument(clientAttributes, value, () => 'plain')
}

function itemOf(stored: StoredClient): Item
function itemOf(stored: StoredClient | undefined): Item | undefined
function itemOf(stored: StoredClient | undefined): Item | undefined {
  if (stored === undefined) return undefined
  const { record, version } = stored
  return { id: record.client_id, rev: String(version), value: record.document }
}

async function writeOver(
  realm: Realm,
  client_id: string,
  input: JsonObject,
  { by, condition, trusted }: Change,
  before: StoredClient | undefined,
): Promise<Saved | typeof lost> {
  const { body, password, hashes } = takeSecrets(input, trusted === true)
  const { document, problems, unknown } = readClientDocument(body)
  if (unknown.length > 0) {
    const known = [...attributeNames(clientAttributes), 'userpassword']
    return { outcome: 'unknown', paths: unknown, known }
  }
  if (password === 'malformed') {
    return invalid([{ path: `${core}.userpassword`, text: 'must be text' }])
  }
  if (hashes === 'malformed' || (hashes !== undefined && password !== undefined)) {
    const text =
      hashes === 'malformed' ? 'must be what an export has' : 'must not stand beside userpassword'
    return invalid([{ path: `${core}.${hashesName}`, text }])
  }
  const kept = (hashes ?? before?.record.secrets)?.find(
    (each) => each.symmetric !== undefined,
  )?.symmetric
  const secret = password?.text
  const wrong = await registrationProblems(realm, { client_id, document, secret, kept })
  if (problems.length + wrong.length > 0) return invalid([...problems, ...wrong])
  const secrets = hashes ?? (await secretsOf(realm, document, secret, before))
  const won = await writeClient(realm, { client_id, document, secrets }, before)
  const after = won ? await readClient(realm, client_id) : undefined
  if (after === undefined) return condition.strict ? { outcome: 'stale' } : lost
  const created = before === undefined
  event('client.saved', { realm: realm.path, client_id, created, by })
  return { outcome: created ? 'created' : 'updated', item: itemOf(after) }
}

function invalid(problems: readonly Problem[]): Saved {
  return { outcome: 'invalid', problems }
}

interface Taken {
  readonly body: JsonObject
  readonly password: { readonly text: string } | 'malformed' | undefined
  readonly hashes?: readonly StoredSecret[] | 'malformed'
}

/** The secret apart from the document, where it must never be stored. */
function takeSecrets(input: JsonObject, trusted: boolean): Taken {
  const section = member(input, core)
  if (!isObject(section)) return { body: input, password: undefined }
  const { userpassword, ...others } = section
  const { [hashesName]: stored, ...rest } = others
  const isStored = trusted && stored !== undefined
  const hashes = isStored ? { hashes: readStoredSecrets(stored) ?? ('malformed' as const) } : {}
  const value: Json | undefined = unwrap(userpassword)
  const body = { ...input, [core]: trusted ? rest : others }
  if (value === undefined || value === null) return { body, password: undefined, ...hashes }
  const password = typeof value === 'string' ? { text: value } : 'malformed'
  return { body, password, ...hashes }
}

/**
 * A new secret takes the place of the newest, which goes on for `previousSecretLifetime`; the same one
 * again changes nothing. Copies that no key needs any more are dropped.
 */
async function secretsOf(
  realm: Realm,
  document: JsonObject,
  secret: string | undefined,
  before: StoredClient | undefined,
): Promise<readonly StoredSecret[]> {
  const { values } = readSettings(clientMetadata, document)
  const keep = symmetricBytes(values) > 0
  const { previousSecretLifetime: lifetime } = values
  const [newest, ...older] = before?.record.secrets ?? []
  const previous = lifetime > 0 ? older : []
  const kept = (secrets: readonly StoredSecret[]): readonly StoredSecret[] =>
    keep ? secrets : secrets.map(withoutCopy)
  if (secret === undefined) return newest === undefined ? [] : kept([newest, ...previous])
  // As it stands, so that saying the same again is no change.
  if (newest !== undefined && (await isSecret(newest, secret)))
    return [{ ...newest, ...(keep ? { symmetric: secret } : {}) }, ...previous].flatMap((each) =>
      kept([each]),
    )
  const made = await hashSecret(realm, secret, keep)
  if (newest === undefined) return [made]
  return [made, ...kept(lifetime > 0 ? [{ ...newest, until: realm.now() + lifetime }] : [])]
}

function withoutCopy({ hash, until }: StoredSecret): StoredSecret {
  return until === undefined ? { hash } : { hash, until }
}
