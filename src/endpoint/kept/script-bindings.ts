import type { JsonObject } from '../../base/json.ts'

/** Classes of Java that older scripts find here (`script/prelude/java.js`); `*` ends a whole package. */
const classes: readonly string[] = [
  ...[
    ...['String', 'Integer', 'Long', 'Double', 'Boolean', 'Math', 'System', 'StringBuilder'],
    ...['StringBuffer', 'Exception', 'RuntimeException'],
  ].map((name) => `java.lang.${name}`),
  ...[
    ...['ArrayList', 'LinkedList', 'Vector', 'HashSet', 'LinkedHashSet', 'TreeSet', 'HashMap'],
    ...['LinkedHashMap', 'TreeMap', 'Arrays', 'Collections', 'UUID', 'Date', 'Random', 'Base64'],
    'Optional',
  ].map((name) => `java.util.${name}`),
  ...['URLEncoder', 'URLDecoder', 'URI'].map((name) => `java.net.${name}`),
  'java.nio.charset.StandardCharsets',
  ...['MessageDigest', 'SecureRandom'].map((name) => `java.security.${name}`),
  ...['java.time.Clock', 'java.time.temporal.ChronoUnit'],
  ...['javax.crypto.Mac', 'javax.crypto.spec.SecretKeySpec'],
  ...['javax.security.auth.callback.*', 'com.sun.identity.authentication.callbacks.*'],
  'com.sun.identity.authentication.spi.*',
  ...['http.protocol.Request', 'json.JsonValue', 'json.jose.builders.JwtBuilderFactory'].map(ours),
  ...[
    'json.jose.jwt.JwtClaimsSet',
    'json.jose.jws.*',
    'json.jose.jws.handlers.*',
    'oauth2.core.UserInfoClaims',
  ].map(ours),
  ...['oauth2.core.exceptions.InvalidRequestException', 'openidconnect.Claim'].map(ours),
  ...['openam.auth.node.api.*', 'openam.authentication.callbacks.*'].map(ours),
  ...['secrets.SecretBuilder', 'secrets.keys.*', 'util.encode.*'].map(ours),
]

function ours(name: string): string {
  return `org.forgerock.${name}`
}

const everywhere = ['cookieName', 'httpClient', 'logger', 'openidm', 'realm', 'scriptName']
const both = [...everywhere, 'secrets', 'systemEnv']

const inJourneys = [
  ...['auditEntryDetail', 'callbacks', 'existingSession', 'idRepository', 'locales', 'nodeState'],
  ...['requestCookies', 'requestHeaders', 'requestParameters', 'resumedFromSuspend', ...both],
]

const inTokens = [
  ...['clientProperties', 'identity', 'requestProperties', 'scopes', 'session', ...both],
]

/** What comes with the next generation alone. */
const newer = ['cacheManager', 'jwtAssertion', 'jwtValidator', 'require', 'utils']

type Version = '1.0' | '2.0'

const decision: Readonly<Record<Version, readonly string[]>> = {
  '1.0': [...inJourneys, 'sharedState', 'transientState'],
  '2.0': [...inJourneys, 'action', 'callbacksBuilder', 'journey', ...newer],
}

/** It asks nobody, and decides nothing. */
const configuration: typeof decision = {
  '1.0': without(decision['1.0'], 'callbacks'),
  '2.0': without(decision['2.0'], 'callbacks', 'callbacksBuilder', 'action'),
}

function without(names: readonly string[], ...left: readonly string[]): readonly string[] {
  return names.filter((name) => !left.includes(name))
}

const token: Readonly<Record<Version, readonly string[]>> = {
  '1.0': [...inTokens, 'accessToken', 'idRepository'],
  '2.0': [...inTokens, 'accessToken', ...newer],
}

const aboutClaims = [
  ...['claimObjects', 'claims', 'claimsLocales', 'requestedClaims', 'requestedTypedClaims'],
]

const claims: typeof decision = {
  '1.0': [...without(token['1.0'], 'accessToken'), ...aboutClaims],
  '2.0': [...without(token['2.0'], 'accessToken'), ...aboutClaims],
}

/** What scripts of a context find here, by the versions that are run. */
export const scriptBindings: Readonly<Record<string, Partial<typeof decision>>> = {
  AUTHENTICATION_TREE_DECISION_NODE: decision,
  SCRIPTED_DECISION_NODE: { '2.0': decision['2.0'] },
  CONFIG_PROVIDER_NODE: configuration,
  CONFIG_PROVIDER_NODE_NEXT_GEN: { '2.0': configuration['2.0'] },
  OAUTH2_ACCESS_TOKEN_MODIFICATION: token,
  OAUTH2_ACCESS_TOKEN_MODIFICATION_NEXT_GEN: { '2.0': token['2.0'] },
  OIDC_CLAIMS: claims,
  OIDC_CLAIMS_NEXT_GEN: { '2.0': claims['2.0'] },
}

/** PingAM: a scripting context, at `/contexts/<name>`. Undefined for one in which nothing here runs scripts. */
export function bindingsShown(path: string): JsonObject | undefined {
  const [folder, name = ''] = path.split('/')
  const context = Object.hasOwn(scriptBindings, name) ? scriptBindings[name] : undefined
  if (folder !== 'contexts' || context === undefined) return undefined
  const versions = Object.keys(context).sort()
  const names = [...new Set(Object.values(context).flat())].sort()
  return {
    _id: name,
    allowLists: Object.fromEntries(
      versions.map((version) => [version, version === '1.0' ? classes : []]),
    ),
    bindings: names.map((each) => ({ name: each })),
    evaluatorVersions: { JAVASCRIPT: versions },
  }
}
