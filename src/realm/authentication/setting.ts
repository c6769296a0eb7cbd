import type { SettingTable, SettingValues } from '../../protocol/setting.ts'
import { flag, setting, text, texts, whole } from '../../protocol/setting.ts'
import { detail, only, unserved, unset } from '../../protocol/unserved.ts'

/** How people log in to a realm, under PingAM's names (PingAM: core authentication attributes). */
export const authenticationSettings = {
  defaultJourney: setting(
    'core',
    'orgConfig',
    text,
    'Login',
    'Journey when nothing else names one.',
  ),
  journeyMaxDuration: setting(
    'trees',
    'authenticationSessionsMaxDuration',
    whole(1, 1440),
    5,
    'Minutes a journey may take, unless its tree says otherwise.',
  ),
  journeySuspendedDuration: setting(
    'trees',
    'suspendedAuthenticationTimeout',
    whole(1, 525_600),
    5,
    'Minutes a suspended journey waits, unless its node says otherwise.',
  ),
  loginSuccessUrl: setting(
    'postauthprocess',
    'loginSuccessUrl',
    texts,
    [],
    'Where a login leads that has neither `goto` nor a journey’s own place to go.',
  ),
  loginFailureUrl: setting(
    'postauthprocess',
    'loginFailureUrl',
    texts,
    [],
    'The same for a login that fails.',
  ),
  defaultAuthLevel: setting(
    'general',
    'defaultAuthLevel',
    whole(0, 2 ** 31 - 1),
    0,
    'The level that a journey begins with.',
  ),
} as const

export type AuthenticationSettings = SettingValues<typeof authenticationSettings>

const about = 'Not served; kept for round trips.'
const count = whole(0, 2 ** 31)

/** What PingAM has beside them, and which values of it mean what is done here anyway. */
export const authenticationAttributes: SettingTable = {
  ...authenticationSettings,
  ...unserved('core', about, { adminAuthModule: detail(text, 'Login') }),
  ...unserved('trees', about, {
    authenticationSessionsStateManagement: only('JWT', 'CTS', 'MEMORY'),
    authenticationTreeCookieHttpOnly: only(true),
    authenticationSessionsWhitelist: detail(flag, true),
  }),
  ...unserved('accountlockout', about, {
    loginFailureLockoutMode: only(false),
    loginFailureCount: detail(count, 5),
    loginFailureDuration: detail(count, 300),
    lockoutDuration: detail(count, 0),
    lockoutWarnUserCount: detail(count, 0),
    lockoutDurationMultiplier: detail(count, 1),
    storeInvalidAttemptsInDataStore: detail(flag, true),
  }),
  ...unserved('security', about, {
    sharedSecret: unset,
    keyAlias: detail(text, 'test'),
    zeroPageLoginEnabled: detail(flag, false),
    zeroPageLoginAllowedWithoutReferrer: detail(flag, true),
    zeroPageLoginReferrerWhiteList: only([]),
    moduleBasedAuthEnabled: detail(flag, false),
    addClearSiteDataHeader: detail(flag, true),
  }),
  ...unserved('general', about, {
    locale: detail(text, 'en_US'),
    identityType: detail(texts, ['agent', 'user']),
    statelessSessionsEnabled: only(false),
    twoFactorRequired: only(false),
    userStatusCallbackPlugins: only([]),
    externalLoginPageUrl: unset,
  }),
  ...unserved('postauthprocess', about, {
    loginPostProcessClass: only([]),
    userAttributeSessionMapping: only([]),
    usernameGeneratorClass: detail(
      text,
      'com.sun.identity.authentication.spi.DefaultUserIDGenerator',
    ),
    usernameGeneratorEnabled: detail(flag, true),
  }),
  ...unserved('userprofile', about, {
    dynamicProfileCreation: only('false'),
    defaultRole: only([]),
    aliasAttributeName: only(['uid']),
  }),
}
