import { flag, setting, text, textMap, texts, whole, wholeFrom } from '../../protocol/setting.ts'
import { keeping } from '../../protocol/unserved.ts'

const oidc = 'coreOIDCConfig'
const advancedOidc = 'advancedOIDCConfig'
const consent = 'consent'

/** OpenID Connect and consent. */
export const oidcProvider = {
  jwtTokenLifetime: setting(
    oidc,
    'jwtTokenLifetime',
    whole(1, 2 ** 31),
    3600,
    'ID token lifetime in seconds.',
  ),
  claimsParameterSupported: setting(
    advancedOidc,
    'claimsParameterSupported',
    flag,
    true,
    'OIDC Core §5.5.',
  ),
  loaMapping: keeping(setting(advancedOidc, 'loaMapping', textMap, {}, 'acr value → journey.'), {
    stops: 'acr',
    keeps: () => false,
  }),
  amrMappings: setting(
    advancedOidc,
    'amrMappings',
    textMap,
    {},
    'amr value → the way of logging in that it stands for, as journeys call it (`DataStore`, `WebAuthnAuthentication`). One that is not named here has the values of RFC 8176.',
  ),
  defaultACR: setting(
    advancedOidc,
    'defaultACR',
    texts,
    [],
    'acr values when the request names none.',
  ),
  alwaysAddClaimsToToken: setting(
    advancedOidc,
    'alwaysAddClaimsToToken',
    flag,
    false,
    'Scope claims in the ID token too.',
  ),
  minMaxAge: setting(
    advancedOidc,
    'minMaxAge',
    wholeFrom(0),
    60,
    'Floor of max_age in seconds, in profile ping.',
  ),
  clientsCanSkipConsent: setting(
    consent,
    'clientsCanSkipConsent',
    flag,
    true,
    'Whether implied consent counts.',
  ),
  savedConsentAttribute: setting(
    consent,
    'savedConsentAttribute',
    text,
    'parapetConsent',
    'Saved consent is on when this is not empty.',
  ),
} as const
