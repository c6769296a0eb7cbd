import { admissionMetadata } from './client-metadata/admission.ts'
import { advancedMetadata } from './client-metadata/advanced.ts'
import { coreMetadata } from './client-metadata/core.ts'
import { keyMetadata } from './client-metadata/keys.ts'
import { openidMetadata } from './client-metadata/openid.ts'
import { resourceMetadata } from './client-metadata/resource.ts'
import { responseMetadata } from './client-metadata/response.ts'
import { unservedMetadata } from './client-metadata/unserved.ts'
import type { Problem } from './problem.ts'
import type { SettingTable, SettingValues } from './setting.ts'

/** Client metadata: RFC 7591 name where it has one, else PingAM's; where PingAM keeps it; default. */
export const clientMetadata = {
  ...coreMetadata,
  ...advancedMetadata,
  ...keyMetadata,
  ...responseMetadata,
  ...openidMetadata,
  ...resourceMetadata,
  ...admissionMetadata,
} as const

/** Typed client metadata. */
export type ClientMetadata = SettingValues<typeof clientMetadata>

/** Every attribute a client may have in PingAM's JSON, those of features not served included. */
export const clientAttributes: SettingTable = { ...clientMetadata, ...unservedMetadata }

/** PingAM's section of overrides: never wrapped, and without meaning until they are enabled. */
export const overrideSection = 'overrideOAuth2ClientConfig'

/** A problem with a field, under the path PingAM keeps it at; `index` of the entry of a list. */
export function attributeProblem(
  field: keyof ClientMetadata,
  text: string,
  index?: number,
): Problem {
  const { section, name } = clientMetadata[field]
  return { path: `${section}.${name}${index === undefined ? '' : `[${index}]`}`, text }
}
