import { isObject, member } from '../../base/json.ts'
import { readSettings } from '../../protocol/setting.ts'
import type { KeptAttribute, PluginScripts } from '../../protocol/unserved/attribute.ts'
import { keptAttributes, pluginScripts } from '../../protocol/unserved/attribute.ts'
import { providerDocument } from '../authentication/shared.ts'
import type { JourneyList } from '../journey/list.ts'
import { startable } from '../journey/list.ts'
import { type OAuth2Provider, oauth2Provider, providerAttributes } from '../oauth2-provider.ts'
import type { RealmRecord } from '../realms.ts'

/**
 * The settings of a realm's provider, and what of them is not served. Of acr values whose journey is kept as one that is
 * not here, those count whose journey has come since.
 */
export function providerOf(record: RealmRecord, journeys: JourneyList): Provided {
  const scripts = pluginScripts(providerAttributes, record.document, record.kept)
  return { ...servedOf(record, journeys), pluginScripts: scripts }
}

interface Provided {
  readonly provider: OAuth2Provider
  readonly unserved: readonly KeptAttribute[]
  readonly pluginScripts: PluginScripts
}

function servedOf(record: RealmRecord, journeys: JourneyList): Omit<Provided, 'pluginScripts'> {
  const { values } = readSettings(oauth2Provider, providerDocument(record))
  const unserved = keptAttributes(providerAttributes, record.document, record.kept)
  const { section, name, read } = oauth2Provider.loaMapping
  const kept = record.kept && member(record.kept, section)
  const levels = isObject(kept) ? read(member(kept, name) ?? null) : undefined
  if (levels === undefined) return { provider: values, unserved }
  const provider = { ...values, loaMapping: levels }
  const isHere = (journey: string): boolean =>
    startable({ provider, journeys }, journey) !== undefined
  if (!Object.values(levels).every(isHere)) return { provider, unserved }
  const rest = unserved.filter(({ path }) => path !== `${section}.${name}`)
  return { provider, unserved: rest }
}
