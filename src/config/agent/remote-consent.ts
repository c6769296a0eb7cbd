import type { Json, JsonObject } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import type { StoredRemoteConsentAgent } from '../../client/remote-consent/agent.ts'
import {
  canBeRemoteConsentAgent,
  deleteRemoteConsentAgent,
  flat,
  readRemoteConsentAgent,
  readRemoteConsentDocument,
  remoteConsentIds,
  secretOf,
  writeRemoteConsentAgent,
} from '../../client/remote-consent/agent.ts'
import { remoteConsentProblems } from '../../client/remote-consent/problems.ts'
import { secretRule } from '../../client/secret-text.ts'
import { agentSection, remoteConsentAttributes } from '../../protocol/agent/remote-consent.ts'
import { attributeNames, showDocument, withKept } from '../../protocol/document.ts'
import type { Problem } from '../../protocol/problem.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import { documentSchema } from '../../protocol/schema.ts'
import { keptAttributes } from '../../protocol/unserved/attribute.ts'
import type { Realm } from '../../realm/realm.ts'
import { lost, untilSaved } from '../../store/update.ts'
import { changesTold } from '../difference.ts'
import { keptPathsOf, onlyKept, slips, someOf, told, tooMuch } from '../kept/unserved.ts'
import type { Change, Item, Kind, Saved } from '../kind.ts'
import { inRealm } from '../kind.ts'
import { idsAsked, listWhole } from '../query.ts'

/** The remote consent services of a realm (PingAM: RemoteConsentAgent). What a body leaves out is unset, except the secret. */
export const remoteConsentKind: Kind = {
  name: 'remote-consent-agent',
  member: 'remoteConsentAgents',
  backup: {
    schema: {},
    async read(realm, id) {
      const stored = await readRemoteConsentAgent(realm, id)
      const userpassword = stored && secretOf(stored.record)
      return userpassword === undefined ? undefined : { userpassword }
    },
  },
  schema,
  async list(realm, query) {
    const ids = idsAsked(query, await remoteConsentIds(realm))
    const read = async (id: string): Promise<Item | undefined> =>
      itemOf(await readRemoteConsentAgent(realm, id))
    return listWhole(query, ids, read, ({ value }) => showRemoteConsent(value))
  },
  read: async (realm, id) => itemOf(await readRemoteConsentAgent(realm, id)),
  show: (value) => showRemoteConsent(value),

  save(realm, id, input, change) {
    return untilSaved('a remote consent agent', inRealm(realm, id), async () => {
      const before = await readRemoteConsentAgent(realm, id)
      const obstacle = change.condition.obstacle(itemOf(before)?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      return writeOver(realm, id, input, change, before)
    })
  },

  remove(realm, id, { by, condition }) {
    return untilSaved('a remote consent agent', inRealm(realm, id), async () => {
      const stored = await readRemoteConsentAgent(realm, id)
      const item = itemOf(stored)
      const obstacle = condition.obstacle(item?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (stored === undefined || item === undefined) return { outcome: 'absent' }
      if (!(await deleteRemoteConsentAgent(realm, stored))) return lost
      const changes = changesTold(item.value, undefined, { personal: onlyKept(item) })
      event('remote_consent_agent.deleted', { realm: realm.path, agent: id, by, changes })
      return { outcome: 'removed', item }
    })
  },
}

/** With its defaults filled in, as AM shows it. */
export function showRemoteConsent(
  value: JsonObject,
  shape: 'plain' | 'wrapped' = 'plain',
): JsonObject {
  return flat(showDocument(remoteConsentAttributes, { [agentSection]: value }, () => shape))
}

function schema(): JsonSchema {
  const { properties = {} } = documentSchema(remoteConsentAttributes, {
    jwkSet: { type: 'string', format: 'jwk-set' },
  })
  const own = properties[agentSection] ?? {}
  const userpassword: JsonSchema = {
    ...secretRule.schema,
    writeOnly: true,
    description: 'A key that both have: written, never shown. What is left out stays as it is.',
  }
  return { ...own, properties: { ...own.properties, userpassword } }
}

function itemOf(stored: StoredRemoteConsentAgent): Item
function itemOf(stored: StoredRemoteConsentAgent | undefined): Item | undefined
function itemOf(stored: StoredRemoteConsentAgent | undefined): Item | undefined {
  if (stored === undefined) return undefined
  const { id, record, version } = stored
  const { document, kept } = readRemoteConsentDocument(record.document)
  const paths = keptPathsOf(someOf(kept)).kept?.map(withoutSection)
  return {
    id,
    rev: String(version),
    value: flat(withKept(document, kept)),
    ...(paths === undefined ? {} : { kept: paths }),
  }
}

/** Paths as whoever wrote the document knows them. */
function withoutSection(path: string): string {
  return path.startsWith(`${agentSection}.`) ? path.slice(agentSection.length + 1) : path
}

const badId: Problem = {
  path: '_id',
  text: 'must be 1 to 128 printable ASCII characters, no slash; in a realm of a long path fewer',
}

async function writeOver(
  realm: Realm,
  id: string,
  input: JsonObject,
  { by, condition, filled }: Change,
  before: StoredRemoteConsentAgent | undefined,
): Promise<Saved | typeof lost> {
  const read = readRemoteConsentDocument(input, filled, before?.record.document)
  const { document, kept, problems, unknown, userpassword } = read
  const refused = slips(remoteConsentAttributes, unknown).map(withoutSection)
  if (refused.length > 0) {
    const known = [...attributeNames(remoteConsentAttributes), 'userpassword']
    return { outcome: 'unknown', paths: refused, known }
  }
  const wrongSecret = secretProblems(userpassword)
  const given = typeof userpassword === 'string' ? userpassword : undefined
  const secret = given ?? (before && secretOf(before.record))
  const wrong = [
    ...(canBeRemoteConsentAgent(realm, id) ? [] : [badId]),
    ...problems,
    ...wrongSecret,
    ...tooMuch(kept),
    ...(problems.length + wrongSecret.length > 0 ? [] : remoteConsentProblems(document, secret)),
  ].map(({ path, ...rest }) => ({ ...rest, path: withoutSection(path) }))
  if (wrong.length > 0) return { outcome: 'invalid', problems: wrong }
  const written = { document: flat(withKept(document, kept)), ...(secret && { secret }) }
  const won = await writeRemoteConsentAgent(realm, id, written, before)
  const after = won ? await readRemoteConsentAgent(realm, id) : undefined
  if (after === undefined) return condition.strict ? { outcome: 'stale' } : lost
  return saved(realm, before, after, by)
}

function secretProblems(userpassword: Json | undefined): readonly Problem[] {
  if (userpassword === undefined || userpassword === null) return []
  const text =
    typeof userpassword === 'string' ? secretRule.wrong(userpassword) : `must be ${secretRule.one}`
  return text === undefined ? [] : [{ path: 'userpassword', text }]
}

/** Says what was written, in the log too. */
function saved(
  realm: Realm,
  before: StoredRemoteConsentAgent | undefined,
  after: StoredRemoteConsentAgent,
  by: string,
): Saved {
  const { id: agent, record } = after
  const created = before === undefined
  const item = itemOf(after)
  const earlier = itemOf(before)
  const other = secretOf(record) !== (before && secretOf(before.record))
  const changes = changesTold(earlier?.value, item.value, {
    secrets: other ? ['userpassword'] : [],
    personal: onlyKept(earlier, item),
  })
  event('remote_consent_agent.saved', { realm: realm.path, agent, created, by, changes })
  const { document, kept } = readRemoteConsentDocument(record.document)
  const attributes = keptAttributes(remoteConsentAttributes, document, kept)
  const unserved = told(
    realm,
    { kind: 'remote-consent-agent', id: agent, by },
    attributes.map((each) => ({ ...each, path: withoutSection(each.path) })),
  )
  return { outcome: created ? 'created' : 'updated', item, ...unserved }
}
