import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import { findJourney, journeyNames } from '../../journey/find.ts'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import type { DocumentRead } from '../../protocol/document.ts'
import { withKept } from '../../protocol/document.ts'
import type { Problem } from '../../protocol/problem.ts'
import { readSettings } from '../../protocol/setting.ts'
import { oauth2Provider } from '../../realm/oauth2-provider.ts'
import type { Realm } from '../../realm/realm.ts'

/** A client's journey that this server does not have is kept: nobody logs in by another one instead. */
export function withForeignTree(realm: Realm, read: DocumentRead): DocumentRead {
  const { section, name, unserved } = clientMetadata.treeName
  const tree = valueAt(read.document, section, name)
  const foreign =
    typeof tree === 'string' &&
    tree !== '[Empty]' &&
    tree !== '' &&
    unserved?.keeps?.(tree) === true &&
    isForeign(realm, tree)
  return foreign ? moved(read, section, name, tree) : read
}

/** Of acr values those are served whose journey there is; the whole list is kept where one has none. */
export function withForeignLevels(realm: Realm, read: DocumentRead): DocumentRead {
  const { section, name } = oauth2Provider.loaMapping
  const { values: provider } = readSettings(oauth2Provider, read.document)
  const next = { ...realm, provider }
  const levels = valueAt(read.document, section, name)
  if (!isObject(levels)) return read
  const served = Object.entries(levels).filter(
    ([, journey]) => typeof journey !== 'string' || !isForeign(next, journey),
  )
  if (served.length === Object.keys(levels).length) return read
  return moved(read, section, name, levels, Object.fromEntries(served))
}

/** A client whose keys are where nobody fetches them has some all the same. */
export function withoutMissingKeys(
  kept: JsonObject,
  problems: readonly Problem[],
): readonly Problem[] {
  const { section, name } = clientMetadata.jwks_uri
  if (valueAt(kept, section, name) === undefined) return problems
  const { publicKeyLocation } = clientMetadata
  const at = `${publicKeyLocation.section}.${publicKeyLocation.name}`
  return problems.filter(({ path }) => path !== at)
}

/**
 * No journey that can be started: it may come, or be enabled, and is served from then on. One that every realm has from
 * the start, and this one has not enabled, is for its administrators to enable.
 */
export function isForeign(realm: Realm, journey: string): boolean {
  const isInherent = journeyNames.includes(journey) && !realm.journeys.has(journey)
  return !isInherent && findJourney(realm, journey) === undefined
}

function valueAt(document: JsonObject, section: string, name: string): Json | undefined {
  const content = member(document, section)
  return isObject(content) ? member(content, name) : undefined
}

/** The same with a value among what is kept, and what is served of it in its place. */
function moved(
  read: DocumentRead,
  section: string,
  name: string,
  value: Json,
  served?: Json,
): DocumentRead {
  const content = member(read.document, section) as JsonObject
  const { [name]: _, ...rest } = content
  const inside = served === undefined ? rest : { ...rest, [name]: served }
  return {
    ...read,
    document: { ...read.document, [section]: inside },
    kept: withKept(read.kept, { [section]: { [name]: value } }),
  }
}
