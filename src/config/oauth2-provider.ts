import type { JsonObject } from '../base/json.ts'
import { event } from '../base/log.ts'
import { journeyNames } from '../journey/find.ts'
import { attributeNames, readDocument, showDocument, withKept } from '../protocol/document.ts'
import type { Problem } from '../protocol/problem.ts'
import { documentSchema } from '../protocol/schema.ts'
import { readSettings } from '../protocol/setting.ts'
import { keptAttributes } from '../protocol/unserved/attribute.ts'
import { providerDocument } from '../realm/authentication/shared.ts'
import { startableNames } from '../realm/journey/list.ts'
import { oauth2Provider, providerAttributes } from '../realm/oauth2-provider.ts'
import { realmKey } from '../realm/realm.ts'
import type { StoredRealm } from '../realm/realms.ts'
import { readRealm } from '../realm/realms.ts'
import { saveProvider } from '../realm/record.ts'
import { lost, untilSaved } from '../store/update.ts'
import { ofOperator } from './authority.ts'
import { changesTold } from './difference.ts'
import { withForeignLevels } from './kept/journey.ts'
import { keptPathsOf, onlyKept, slips, someOf, told, tooMuch } from './kept/unserved.ts'
import type { Item, Kind } from './kind.ts'
import { listWhole } from './query.ts'
import { settingProblems } from './realm/setting-rules.ts'

/** A realm's OAuth 2.0 provider (PingAM: services-configuration). Every realm has one. */
export const oauth2ProviderKind: Kind = {
  name: 'provider',
  member: 'provider',
  single: true,
  schema(realm) {
    const names = { enum: startableNames(realm) }
    return documentSchema(providerAttributes, {
      defaultJourney: names,
      journeys: { type: 'array', items: { enum: journeyNames } },
      loaMapping: { type: 'object', additionalProperties: names },
    })
  },
  list(realm, query) {
    const read = (): Promise<Item | undefined> => oauth2ProviderKind.read(realm, '')
    return listWhole(query, [''], read, ({ value }) => oauth2ProviderKind.show(value))
  },
  read: async (realm) => itemOf(await readRealm(realm)),
  show: (value) => showDocument(providerAttributes, value, () => 'plain'),

  async save(realm, _id, input, change) {
    const { by, condition, filled } = change
    const stored = (await readRealm(realm))?.record.document
    const { document, kept, problems, unknown } = withForeignLevels(
      realm,
      readDocument(providerAttributes, input, { filled, stored }),
    )
    const refused = slips(providerAttributes, unknown)
    if (refused.length > 0)
      return { outcome: 'unknown', paths: refused, known: attributeNames(providerAttributes) }
    const wrong = [
      ...problems,
      ...tooMuch(kept),
      ...settingProblems(realm, withKept(document, kept)),
    ]
    if (wrong.length > 0) return { outcome: 'invalid', problems: wrong }
    return untilSaved('a realm', realmKey(realm.path), async () => {
      const before = await readRealm(realm)
      const obstacle = condition.obstacle(itemOf(before)?.rev)
      if (obstacle !== undefined) return { outcome: obstacle }
      if (before === undefined) return { outcome: 'absent' }
      const beyond = ofOperator(change) ? undefined : operatorOnly(before.record.document, document)
      if (beyond !== undefined) return { outcome: 'forbidden', problem: beyond }
      const won = await saveProvider(realm, before, document, someOf(kept))
      if (!won) return condition.strict ? { outcome: 'stale' } : lost
      const item = itemOf(await readRealm(realm))
      const earlier = itemOf(before)
      const personal = onlyKept(earlier, item)
      const defaults = oauth2ProviderKind.show({})
      const changes = changesTold(earlier?.value, item?.value, { personal, defaults })
      event('provider.saved', { realm: realm.path, by, changes })
      if (item === undefined) return { outcome: 'absent' }
      const attributes = keptAttributes(providerAttributes, document, someOf(kept))
      const unserved = told(realm, { kind: 'provider', id: '', by }, attributes)
      return { outcome: 'updated', item, ...unserved }
    })
  },

  /** Back to the defaults: a realm without any would serve nothing. */
  async remove(realm, id, change) {
    const item = await oauth2ProviderKind.read(realm, id)
    const saved = await oauth2ProviderKind.save(realm, id, {}, change)
    if (saved.outcome === 'updated' && item !== undefined) return { outcome: 'removed', item }
    if (saved.outcome === 'forbidden') return saved
    const { outcome } = saved
    return outcome === 'stale' || outcome === 'exists' ? { outcome } : { outcome: 'absent' }
  },
}

/** What opens more than the realm itself: the network this server stands in. Nobody but the root's administrators adds to it. */
function operatorOnly(before: JsonObject, after: JsonObject): Problem | undefined {
  const { jwksPrivateAddresses: had } = readSettings(oauth2Provider, before).values
  const { jwksPrivateAddresses: wanted } = readSettings(oauth2Provider, after).values
  if (wanted.every((address) => had.includes(address))) return undefined
  const { section, name } = oauth2Provider.jwksPrivateAddresses
  return { path: `${section}.${name}`, text: 'is for administrators of the root to extend' }
}

function itemOf(stored: StoredRealm | undefined): Item | undefined {
  if (stored === undefined) return undefined
  const { kept } = stored.record
  const value = withKept(providerDocument(stored.record), kept)
  return { id: '', rev: String(stored.version), value, ...keptPathsOf(kept) }
}
