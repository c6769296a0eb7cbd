/** The app under test: Ping's SDKs as they are, put where a test reaches them. Bundled for the browser. */
import {
  Config,
  FRAuth,
  FRUser,
  SessionManager,
  TokenManager,
  UserManager,
} from '@forgerock/javascript-sdk'
import { journey } from '@forgerock/journey-client'
import { oidc } from '@forgerock/oidc-client'

const sdk = {
  oidc,
  journey,
  Config,
  FRAuth,
  FRUser,
  SessionManager,
  TokenManager,
  UserManager,
} as const

/** What a page of the app has as its global `sdk`. */
export type Sdk = typeof sdk

Object.assign(globalThis, { sdk })
