/** Pages of the three tables of settings: the server's, a realm's, a client's. */

import { remoteConsentAgent } from '../../src/protocol/agent/remote-consent.ts'
import { clientAttributes, clientMetadata } from '../../src/protocol/client-metadata.ts'
import type { Setting, SettingTable } from '../../src/protocol/setting.ts'
import { stops } from '../../src/protocol/unserved.ts'
import {
  authenticationAttributes,
  authenticationSettings,
} from '../../src/realm/authentication/setting.ts'
import { oauth2Provider, providerAttributes } from '../../src/realm/oauth2-provider.ts'
import type { ServerSetting } from '../../src/server/setting.ts'
import { serverSettings } from '../../src/server/settings.ts'
import { code, page, table, value } from './markdown.ts'

type Row = readonly [key: string, row: Setting<unknown>]

/** `settings.md`: what the process is started with. */
export function serverSettingsPage(): string {
  const rows = Object.entries<ServerSetting<unknown>>(serverSettings).map(([name, row]) => [
    code(row.environment),
    code(name),
    code(row.default ?? ''),
    row.secret === true ? `${row.about}. Secret: never printed` : row.about,
  ])
  return page(
    'Settings of the server',
    'src/server/settings.ts',
    'Read from the environment and from the JSON or YAML file that `--config` or `PARAPET_CONFIG` names, in which a setting is a member of the name in the second column. The environment wins; an empty variable counts as absent. In the file, lists may be arrays. Everything wrong is told at once.',
    table(['Environment', 'In the file', 'Default', 'What it is'], rows),
  )
}

/** `realm-settings.md`: PingAM's OAuth2 Provider, and what it has no word for. */
export function realmSettingsPage(): string {
  const served = Object.entries<Setting<unknown>>(oauth2Provider)
  return page(
    'Settings of a realm',
    'src/realm/provider/*.ts',
    'Read and written at `/am/json/<realm>/realm-config/services/oauth-oidc` under PingAM’s names; see [realms](../guide/realms.md). Section `parapetConfig` is our own.',
    ...sections(served, ([, { name }]) => [code(name)], ['Attribute']),
    ...unserved(providerAttributes, new Set(Object.keys(oauth2Provider))),
  )
}

/** `authentication-settings.md`: how people log in to a realm, and what PingAM says of it beside. */
export function authenticationSettingsPage(): string {
  const served = Object.entries<Setting<unknown>>(authenticationSettings)
  return page(
    'Authentication settings of a realm',
    'src/realm/authentication/setting.ts',
    'Read and written at `/am/json/<realm>/realm-config/authentication` under PingAM’s names; see [coming from PingAM](../guide/coming-from-pingam.md#journeys). All but `defaultAuthLevel` stand among the [settings of a realm](realm-settings.md) too.',
    ...sections(served, ([, { name }]) => [code(name)], ['Attribute']),
    ...unserved(authenticationAttributes, new Set(Object.keys(authenticationSettings))),
  )
}

/** `client-metadata.md`: what a client is registered with. */
export function clientMetadataPage(): string {
  const served = Object.entries<Setting<unknown>>(clientMetadata)
  const cells = ([key, { name }]: Row): string[] => [code(name), key === name ? '' : code(key)]
  return page(
    'Client metadata',
    'src/protocol/client-metadata/*.ts',
    'Read and written at `/am/json/<realm>/realm-config/agents/OAuth2Client/<client_id>` under PingAM’s names; see [clients](../guide/clients.md). Section `parapetClientConfig` is our own. The second column is the name in RFC 7591, OpenID Connect or the source where it is another. The secret is written as `userpassword` of `coreOAuth2ClientConfig` and never shown.',
    ...sections(served, cells, ['Attribute', 'Elsewhere']),
    ...unserved(clientAttributes, new Set(Object.keys(clientMetadata))),
  )
}

/** `remote-consent-agent.md`: what a realm knows of a service that asks for consent. */
export function remoteConsentAgentPage(): string {
  const served = Object.values<Setting<unknown>>(remoteConsentAgent)
  return page(
    'Remote consent agents',
    'src/protocol/agent/remote-consent.ts',
    'Read and written at `/am/json/<realm>/realm-config/agents/RemoteConsentAgent/<id>` under PingAM’s names, but for `remoteConsentRequestMode`, which is our own; see [remote consent](../guide/remote-consent.md). The secret is written as `userpassword` and never shown. `agentgroup`, `secretLabelIdentifier` and what else there may be are kept, and without effect.',
    table(
      ['Attribute', 'Values', 'Default', 'What it is'],
      served.map((row) => [code(row.name), row.read.wants ?? '', value(row.default), row.about]),
    ),
  )
}

/** One heading and table for each section, in the order of the table. */
function sections(
  rows: readonly Row[],
  names: (row: Row) => readonly string[],
  heads: readonly string[],
): string[] {
  const bySection = Map.groupBy(rows, ([, { section }]) => section)
  return [...bySection].flatMap(([section, members]) => [
    `## ${code(section)}`,
    table(
      [...heads, 'Values', 'Default', 'What it is'],
      members.map((row) => [
        ...names(row),
        row[1].read.wants ?? '',
        value(row[1].default),
        row[1].about,
      ]),
    ),
  ])
}

function unserved(all: SettingTable, served: ReadonlySet<string>): string[] {
  const rows = Object.entries(all).filter(([key]) => !served.has(key))
  return [
    '## Not served',
    'Attributes of features that are not served. Whatever value they have is kept and given back, so that what was exported from PingAM can be read and written; the values listed here mean nothing, any other is named as not served (`GET /am/json/<realm>/parapet/unserved`) and stops what the last column says (C-39).',
    table(
      ['Attribute', 'Values', 'Default', 'Another value'],
      rows.map(([, { section, name, read, default: fallback, unserved: what }]) => [
        code(`${section}.${name}`),
        (read.wants ?? '').replace(/: [^:]* not served$/, ''),
        value(fallback),
        stops[what?.stops ?? 'nothing'],
      ]),
    ),
  ]
}
