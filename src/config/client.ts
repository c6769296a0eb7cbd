import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../base/json.ts'
import { event } from '../base/log.ts'
import { unservedOfClient } from '../client/administration.ts'
import { readClientDocument, registrationProblems } from '../client/metadata.ts'
import type { StoredClient } from '../client/registration.ts'
import { clientIds, deleteClient, readClient, writeClient } from '../client/registration.ts'
import { secretJson, storedSecretsSchema } from '../client/stored-secret.ts'
import { clientAttributes } from '../protocol/client-metadata.ts'
import { attributeNames, showDocument, withKept } from '../protocol/document.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Realm } from '../realm/realm.ts'
import { lost, untilSaved } from '../store/update.ts'
import { clientSchema } from './client/schema.ts'
import { core, hashesName, secretsOf, takeSecrets } from './client/secrets.ts'
import { changesTold } from './difference.ts'
import { withForeignTree, withoutMissingKeys } from './kept/journey.ts'
import { keptPathsOf, onlyKept, slips, someOf, told, tooMuch } from './kept/unserved.ts'
import type { Change, Item, Kind, Saved } from './kind.ts'
import { inRealm } from './kind.ts'
import { idsAsked, listWhole } from './query.ts'
import { isOfAnotherKind, somebodyElse } from './user/subject.ts'

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
    return untilSaved('a client', inRealm(realm, id), async () => {
      const before = await readClient(realm, id)
      const obstacle = change.condition.obstacle(itemOf(before)?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      return writeOver(realm, id, input, change, before)
    })
  },

  remove(realm, id, { by, condition }) {
    return untilSaved('a client', inRealm(realm, id), async () => {
      const stored = await readClient(realm, id)
      const item = itemOf(stored)
      const obstacle = condition.obstacle(item?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined || item === undefined) return { outcome: 'absent' }
      if (!(await deleteClient(realm, id, stored.version))) return lost
      const changes = changesTold(item.value, undefined, { personal: onlyKept(item) })
      event('client.deleted', { realm: realm.path, client_id: id, by, changes })
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
  return {
    id: record.client_id,
    rev: String(version),
    value: withKept(record.document, record.kept),
    ...keptPathsOf(record.kept),
  }
}

async function writeOver(
  realm: Realm,
  client_id: string,
  input: JsonObject,
  { by, condition, trusted, filled }: Change,
  before: StoredClient | undefined,
): Promise<Saved | typeof lost> {
  const { body, malformed, secret, hashes } = takeSecrets(input, trusted === true, filled)
  const { document, kept, problems, unknown } = withForeignTree(
    realm,
    readClientDocument(body, filled, before?.record.document),
  )
  const refused = slips(clientAttributes, unknown)
  if (refused.length > 0) {
    const known = [...attributeNames(clientAttributes), 'userpassword']
    return { outcome: 'unknown', paths: refused, known }
  }
  if (malformed !== undefined) return invalid([malformed])
  const usedAsKey = (hashes ?? before?.record.secrets)?.find(
    ({ symmetric }) => symmetric,
  )?.symmetric
  const given = { client_id, document, secret, kept: usedAsKey }
  const others = withoutMissingKeys(kept, await registrationProblems(realm, given))
  const wrong = [...problems, ...tooMuch(kept), ...others]
  if (wrong.length > 0) return invalid(wrong)
  const secrets = hashes ?? (await secretsOf(realm, document, secret, before))
  const written = { client_id, document, secrets, kept: someOf(kept) }
  const won = await writeClient(realm, written, before)
  const after = won ? await readClient(realm, client_id) : undefined
  if (after === undefined) return condition.strict ? { outcome: 'stale' } : lost
  const isTaken =
    before === undefined && (await isOfAnotherKind(realm, 'client', client_id.toLowerCase()))
  if (isTaken && (await deleteClient(realm, client_id, after.version))) return somebodyElse
  return saved(realm, before, after, by)
}

/** Says what was written, in the log too. */
function saved(
  realm: Realm,
  before: StoredClient | undefined,
  after: StoredClient,
  by: string,
): Saved {
  const { client_id, secrets } = after.record
  const created = before === undefined
  const item = itemOf(after)
  const earlier = itemOf(before)
  const changes = changesTold(earlier?.value, item.value, {
    secrets: isDeepStrictEqual(before?.record.secrets ?? [], secrets)
      ? []
      : [`${core}.userpassword`],
    personal: onlyKept(earlier, item),
    defaults: showClient({}),
  })
  event('client.saved', { realm: realm.path, client_id, created, by, changes })
  const attributes = unservedOfClient(realm, after.record)
  const unserved = told(realm, { kind: 'client', id: client_id, by }, attributes)
  return { outcome: created ? 'created' : 'updated', item, ...unserved }
}

function invalid(problems: readonly Problem[]): Saved {
  return { outcome: 'invalid', problems }
}
