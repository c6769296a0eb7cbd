import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../../base/json.ts'
import { event } from '../../base/log.ts'
import { revision } from '../../base/revision.ts'
import { attributeNames, readDocument, showDocument, withKept } from '../../protocol/document.ts'
import { documentSchema } from '../../protocol/schema.ts'
import type { SettingTable } from '../../protocol/setting.ts'
import { readSettings } from '../../protocol/setting.ts'
import type { KeptAttribute } from '../../protocol/unserved/attribute.ts'
import { keptAttributes } from '../../protocol/unserved/attribute.ts'
import type { AuthenticationSettings } from '../../realm/authentication/setting.ts'
import {
  authenticationAttributes,
  authenticationSettings,
} from '../../realm/authentication/setting.ts'
import { authenticationDocument, storedAuthentication } from '../../realm/authentication/shared.ts'
import { readJourneyDocument } from '../../realm/journey/document.ts'
import { startable, startableNames } from '../../realm/journey/list.ts'
import type { Realm } from '../../realm/realm.ts'
import { realmKey } from '../../realm/realm.ts'
import type { StoredRealm } from '../../realm/realms.ts'
import { readRealm } from '../../realm/realms.ts'
import { saveAuthentication } from '../../realm/record.ts'
import { lost, untilSaved } from '../../store/update.ts'
import { changesTold } from '../difference.ts'
import { keptPathsOf, onlyKept, slips, someOf, told, tooMuch } from '../kept/unserved.ts'
import type { Change, Item, Kind, Saved } from '../kind.ts'
import { listWhole } from '../query.ts'

const table: SettingTable = authenticationAttributes

/**
 * How people log in to a realm (PingAM: core authentication attributes). Every realm has them. The realm's default journey
 * and how long journeys last stand among the provider's settings too, and are the same there: what a body leaves out of
 * these stays as it is, and what else it leaves out is unset.
 */
export const authenticationKind: Kind = {
  name: 'authentication',
  member: 'authentication',
  single: true,
  schema: (realm) => documentSchema(table, { defaultJourney: { enum: startableNames(realm) } }),
  list: (realm, query) =>
    listWhole(
      query,
      [''],
      () => authenticationKind.read(realm, ''),
      ({ value }) => authenticationKind.show(value),
    ),
  async read(realm) {
    const stored = await readRealm(realm)
    return stored && itemOf(realm, stored)
  },
  show: (value) => showDocument(table, value, () => 'plain'),
  save: (realm, _id, input, change) =>
    untilSaved('a realm', realmKey(realm.path), () => write(realm, input, change)),
  async remove(realm, id, change) {
    const item = await authenticationKind.read(realm, id)
    const saved = await authenticationKind.save(realm, id, {}, change)
    if (saved.outcome === 'updated' && item !== undefined) return { outcome: 'removed', item }
    const { outcome } = saved
    return outcome === 'stale' || outcome === 'exists' ? { outcome } : { outcome: 'absent' }
  },
}

async function itemOf(realm: Realm, { record }: StoredRealm): Promise<Item> {
  const kept =
    record.authentication === undefined ? await keptBefore(realm) : record.authentication.kept
  const value = withKept(authenticationDocument(record), kept)
  return { id: '', rev: revision(value), value, ...keptPathsOf(kept) }
}

/** What versions before kept of it: of what is served now, nothing of that was ever obeyed. */
async function keptBefore(realm: Realm): Promise<JsonObject | undefined> {
  const stored = await readJourneyDocument(realm, 'realm-config/authentication')
  if (!stored?.document) return undefined
  const { document, kept } = readDocument(table, stored.document)
  const served = new Set(
    Object.values(authenticationSettings).map(({ section, name }) => `${section} ${name}`),
  )
  const rest = Object.entries(document).map(([section, content]): [string, JsonObject] => [
    section,
    Object.fromEntries(
      Object.entries(content as JsonObject).filter(([name]) => !served.has(`${section} ${name}`)),
    ),
  ])
  return someOf(withKept(Object.fromEntries(rest), kept))
}

async function write(
  realm: Realm,
  input: JsonObject,
  { by, condition, filled }: Change,
): Promise<Saved | typeof lost> {
  const before = await readRealm(realm)
  if (before === undefined) return { outcome: 'absent' }
  const earlier = await itemOf(realm, before)
  const obstacle = condition.obstacle(earlier.rev)
  if (obstacle !== undefined) return { outcome: obstacle }
  const read = readDocument(table, input, { filled, stored: earlier.value })
  const refused = slips(table, read.unknown)
  if (refused.length > 0)
    return { outcome: 'unknown', paths: refused, known: attributeNames(table) }
  const problems = [...read.problems, ...tooMuch(read.kept)]
  if (problems.length > 0) return { outcome: 'invalid', problems }
  const document = storedAuthentication(read.document, before.record)
  const kept = someOf(read.kept)
  const attributes = unservedIn(realm, document, kept)
  if (isDeepStrictEqual(withKept(document, kept), earlier.value)) {
    const unserved = attributes.map(({ path }) => path)
    return { outcome: 'updated', item: earlier, ...(unserved.length === 0 ? {} : { unserved }) }
  }
  const won = await saveAuthentication(realm, before, { document, kept })
  if (!won) return condition.strict ? { outcome: 'stale' } : lost
  const after = await readRealm(realm)
  if (after === undefined) return { outcome: 'absent' }
  const item = await itemOf(realm, after)
  const changes = changesTold(earlier.value, item.value, { personal: onlyKept(earlier, item) })
  event('authentication.saved', { realm: realm.path, by, changes })
  return {
    outcome: 'updated',
    item,
    ...told(realm, { kind: 'authentication', id: '', by }, attributes),
  }
}

/** What of a realm's authentication settings is not served; a default journey that is not here may come. */
export function unservedAuthentication(
  realm: Realm,
  { authentication }: StoredRealm['record'],
): readonly KeptAttribute[] {
  return authentication === undefined
    ? []
    : unservedIn(realm, authentication.document, authentication.kept)
}

function unservedIn(
  realm: Realm,
  document: JsonObject,
  kept: JsonObject | undefined,
): readonly KeptAttribute[] {
  const { values }: { values: AuthenticationSettings } = readSettings(
    authenticationSettings,
    document,
  )
  const { section, name } = authenticationSettings.defaultJourney
  const found = keptAttributes(table, document, kept)
  if (startable(realm, values.defaultJourney) !== undefined) return found
  return [...found, { path: `${section}.${name}`, name, stops: 'journey' }]
}
