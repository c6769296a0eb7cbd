import type { SettingTable, SettingValues } from '../protocol/setting.ts'
import { admissionProvider } from './provider/admission.ts'
import { brandProvider } from './provider/brand.ts'
import { consentProvider } from './provider/consent.ts'
import { coreProvider } from './provider/core.ts'
import { journeyProvider } from './provider/journey.ts'
import { oidcProvider } from './provider/oidc.ts'
import { ownProvider } from './provider/own.ts'
import { passwordProvider } from './provider/password.ts'
import { requestObjectProvider } from './provider/request-object.ts'
import { responseProvider } from './provider/response.ts'
import { unservedProvider } from './provider/unserved.ts'

/** The realm's OAuth 2.0 settings under PingAM's names (PingAM: services-configuration). */
export const oauth2Provider = {
  ...coreProvider,
  ...oidcProvider,
  ...requestObjectProvider,
  ...responseProvider,
  ...consentProvider,
  ...ownProvider,
  ...journeyProvider,
  ...passwordProvider,
  ...admissionProvider,
  ...brandProvider,
} as const

/** Typed settings of a realm. */
export type OAuth2Provider = SettingValues<typeof oauth2Provider>

/** Every attribute the provider may have in PingAM's JSON, those of features not served included. */
export const providerAttributes: SettingTable = { ...oauth2Provider, ...unservedProvider }
