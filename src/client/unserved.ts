import { event } from '../base/log.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { clientAttributes, clientMetadata, overrideSection } from '../protocol/client-metadata.ts'
import { OAuthError } from '../protocol/error.ts'
import type { KeptAttribute } from '../protocol/unserved/attribute.ts'
import type { Stops } from '../protocol/unserved.ts'
import { startable } from '../realm/journey/list.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'

/**
 * C-39: what a client or its realm were promised elsewhere and is not served here fails where it is used.
 *
 * @throws OAuthError unauthorized_client, naming the attribute.
 */
export function refuseUnserved(realm: Realm, client: Client, used: readonly Stops[]): void {
  const found = stopping(realm, client, used)
  if (found !== undefined) throw unservedError(realm, client, found)
}

/** The same for what a request does on behalf of a user; `jwt`: its answer will be one. */
export function refuseUnservedUse(
  realm: Realm,
  client: Client,
  { scope, acr_values = [], jwt = false }: Use,
): void {
  refuseUnserved(realm, client, scope.includes('openid') ? withOpenid : ofUser)
  if (jwt) refuseUnserved(realm, client, ['response'])
  const levels = realm.unserved.find(({ stops }) => stops === 'acr')
  const { loaMapping } = realm.provider
  const isMapped = (acr: string): boolean =>
    Object.hasOwn(loaMapping, acr) && startable(realm, loaMapping[acr] as string) !== undefined
  const unmapped = !acr_values.every(isMapped)
  if (levels !== undefined && unmapped) throw unservedError(realm, client, levels)
}

/** What a request uses that somebody may have been promised otherwise. */
export interface Use {
  readonly scope: readonly string[]
  readonly acr_values?: readonly string[]
  readonly jwt?: boolean
}

const ofUser: readonly Stops[] = ['all', 'user']
const withOpenid: readonly Stops[] = ['all', 'user', 'openid']

/** The first attribute that stops one of these uses; undefined where none does. */
export function stopping(
  realm: Realm,
  client: Client,
  used: readonly Stops[],
): KeptAttribute | undefined {
  const isUsed = ({ stops }: KeptAttribute): boolean => used.includes(stops)
  return (
    client.unserved.find((each) => isUsed(each) && !hasCome(realm, client, each)) ??
    realm.unserved.find((each) => isUsed(each) && !overrides(client, each))
  )
}

const { section, name: treeName } = clientMetadata.treeName

/** A client's journey that was not there when the client was saved, and is now. */
export function hasCome(
  realm: Pick<Realm, 'journeys' | 'provider'>,
  { treeName: journey }: Pick<ClientMetadata, 'treeName'>,
  { path }: KeptAttribute,
): boolean {
  return path === `${section}.${treeName}` && startable(realm, journey) !== undefined
}

const overridable: ReadonlySet<string> = new Set(
  Object.values(clientAttributes)
    .filter(({ section }) => section === overrideSection)
    .map(({ name }) => name),
)

/** The script that a plug-in point has for a client; undefined: there is none, and what PingAM does without is done. */
export function pluginScript(realm: Realm, client: Client, plugin: string): string | undefined {
  const ofRealm = realm.pluginScripts?.[plugin]
  if (!client.providerOverridesEnabled) return ofRealm
  const own = client.pluginScripts?.[plugin]
  if (own !== undefined) return own
  return overrides(client, { name: `${plugin}Script`, plugin }) ? undefined : ofRealm
}

/** PingAM: a client whose overrides are on has its own value, and its own plug-in unless it says `PROVIDER`. */
function overrides(
  { document, providerOverridesEnabled }: Client,
  { name, plugin }: Pick<KeptAttribute, 'name' | 'plugin'>,
): boolean {
  if (!providerOverridesEnabled || !overridable.has(name)) return false
  if (plugin === undefined) return true
  const own = document[overrideSection] as Readonly<Record<string, unknown>> | undefined
  return ![undefined, 'PROVIDER'].includes(own?.[`${plugin}PluginType`] as string | undefined)
}

function unservedError(
  realm: Realm,
  { client_id, unserved }: Client,
  found: KeptAttribute,
): OAuthError {
  const { path: attribute } = found
  const whose = unserved.includes(found) ? 'client' : 'realm'
  event('client.unserved', { realm: realm.path, client_id, attribute, whose }, 'warn')
  const description = `The ${whose} has ${attribute}, which this server does not serve.`
  return new OAuthError('unauthorized_client', description, {
    why: 'attribute-unserved',
    reason: `${attribute} is not served`,
  })
}
