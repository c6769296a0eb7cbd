/*
 * What each row of the table of terms promises, worked out from its words once more: by nothing that the rows are made
 * of. Where rows share their words they share what is here.
 */
import type { Term } from '../src/client/terms/row.ts'

type Values = Readonly<Record<string, unknown>>

/** What the three say, by the names of their settings. */
export interface Saying {
  readonly profile: Values
  readonly realm: Values
  readonly client: Values
}

type Oracle = (said: Saying, row: Term<unknown>) => unknown

const bySecret = ['client_secret_basic', 'client_secret_post']

/** What a row’s sources say, one after the other. */
function all({ profile, realm, client }: Saying, row: Term<unknown>): unknown[] {
  return [
    ...(row.profile ?? []).map((name) => profile[name]),
    ...(row.realm ?? []).map((name) => realm[name]),
    ...(row.client ?? []).map((name) => client[name]),
  ]
}

/** The client’s one setting, unless it says nothing; else the realm’s. */
function nearest({ realm, client }: Saying, row: Term<unknown>, nothing: unknown): unknown {
  const own = client[String(row.client?.[0])]
  const empty = Array.isArray(own) ? own.length === 0 : own === nothing
  return empty ? realm[String(row.realm?.[0])] : own
}

/** By the words of how the three combine. */
export const byWords: Readonly<Record<string, Oracle>> = {
  'the profile alone': ({ profile }, row) => profile[String(row.profile?.[0])],
  'any of them': (said, row) => all(said, row).includes(true),
  'all of them': (said, row) => all(said, row).every((value) => value === true),
  'the client, unless 0; else the realm': (said, row) => nearest(said, row, 0),
  'the client, unless empty; else the realm': (said, row) => nearest(said, row, ''),
  'the client while its overrides are on, else the realm': ({ realm, client }, row) => {
    const name = String(row.realm?.[0])
    return client.providerOverridesEnabled === true ? client[name] : realm[name]
  },
}

const names = (value: unknown): readonly string[] => value as readonly string[]
const has = (list: unknown, name: unknown): boolean =>
  typeof list === 'string'
    ? list === 'any' || list === 'registered'
    : names(list).includes(name as string)
const twins = (alg: unknown): readonly string[] =>
  alg === 'EdDSA' || alg === 'Ed25519' ? ['EdDSA', 'Ed25519'] : [alg as string]
const minutes = (value: unknown): number => (value === 0 ? Infinity : Number(value) * 60)
const hourOf = (profile: Values): number =>
  profile.request_object_times === 'hour' ? 3600 : Infinity
const orFirst = (list: unknown, wanted: unknown): unknown =>
  has(list, wanted) ? wanted : names(list)[0]

function methods({ profile, client }: Saying, mixes: boolean): readonly string[] {
  const own = String(client.token_endpoint_auth_method)
  if (!has(profile.auth_methods, own)) return []
  return mixes && profile.mix_secret_methods === true && bySecret.includes(own) ? bySecret : [own]
}

/** To which kind of key tokens are tied. */
function tied({ profile, realm, client }: Saying): unknown {
  if (client.dpop_bound_access_tokens === true) return 'dpop'
  if (client.tls_client_certificate_bound_access_tokens === true) return 'mtls'
  if (realm.senderConstraint !== 'none') return realm.senderConstraint
  return profile.sender_constrained === true ? 'either' : 'none'
}

/** Which response types need which grant types. */
const grantsOf: readonly (readonly [string, readonly string[]])[] = [
  ['code', ['authorization_code']],
  ['none', []],
  ...['token', 'id_token', 'token id_token'].map((name) => [name, ['implicit']] as const),
  ...['code id_token', 'code token', 'code token id_token'].map(
    (name) => [name, ['authorization_code', 'implicit']] as const,
  ),
]

/** Answers that are JWTs: what realm and profile have of what the client wants, the profile’s first for its algorithm. */
function answers(encrypted: (client: Values) => boolean): Oracle {
  return ({ profile, realm, client }, { realm: lists = [], client: own = [] }) => {
    const wanted = (end: string, usual: string): unknown =>
      client[String(own.find((name) => name.endsWith(end)))] || usual
    const signing = lists.length < 3 ? [] : names(realm[String(lists.at(-3))])
    const stands = orFirst(profile.token_algorithms, wanted('signed_response_alg', 'RS256'))
    const made = (list: unknown, name: unknown): readonly string[] =>
      encrypted(client) ? names(list).filter((each) => each === name) : []
    return {
      signing: signing.filter((name) => name === stands),
      alg: made(realm[String(lists.at(-2))], wanted('encrypted_response_alg', 'RSA-OAEP-256')),
      enc: made(realm[String(lists.at(-1))], wanted('encrypted_response_enc', 'A128CBC-HS256')),
    }
  }
}

/** Rows whose words are their own. */
export const byRow: Readonly<Record<string, Oracle>> = {
  remote_consent: ({ realm, client }) => {
    const whose = client.providerOverridesEnabled === true ? client : realm
    return whose.enableRemoteConsent === true ? whose.remoteConsentServiceId : undefined
  },
  redirect_uris: ({ profile, client }) => {
    const own = client.clientType === 'Public' ? ['com.example.app:/cb'] : []
    const more = profile.http_redirect === true ? names(client.redirect_uris) : []
    return [...new Set(['https://rp.example/cb', 'http://127.0.0.1/cb', ...own, ...more])]
  },
  require_challenge: ({ profile, realm, client }) => {
    const isPublic = client.clientType === 'Public'
    const setting = client.codeVerifierEnforced || realm.codeVerifierEnforced
    const meant = {
      true: true,
      false: false,
      public: isPublic,
      passwordless: isPublic || client.token_endpoint_auth_method === 'none',
    }
    return profile.pkce === 'always' || meant[setting as keyof typeof meant]
  },
  response_types: (said) => {
    const { profile, client } = said
    return [...names(client.response_types), 'none']
      .filter((name) => !(tied(said) !== 'none' && name.split(' ').includes('token')))
      .filter((name) => has(profile.response_types, name))
  },
  grant_types: ({ realm, client }) =>
    names(realm.grantTypes).filter((name) => has(client.grant_types, name)),
  granted_response_types: ({ realm, client }) =>
    grantsOf
      .filter(([, needs]) =>
        needs.every((n) => has(realm.grantTypes, n) && has(client.grant_types, n)),
      )
      .map(([name]) => name),
  max_age_floor: ({ profile, realm }) => (profile.max_age_floor === true ? realm.minMaxAge : 0),
  implied_consent: ({ profile, realm, client }) =>
    profile.implied_consent === true &&
    client.isConsentImplied === true &&
    (client.providerOverridesEnabled === true ? client : realm).clientsCanSkipConsent === true,
  auth_methods: (said) => methods(said, said.client.eitherSecretMethod === true),
  plain_auth_methods: (said) => methods(said, true),
  assertion_algorithms: ({ profile, client }) =>
    twins(client.token_endpoint_auth_signing_alg).filter((alg) =>
      has(profile.assertion_algorithms, alg),
    ),
  assertion_audience: ({ profile, client }) =>
    profile.assertion_audience === 'issuer-string'
      ? 'issuer-string'
      : client.assertionAudience || profile.assertion_audience,
  request_object_signing: ({ profile, realm, client }) =>
    names(realm.supportedRequestParameterSigningAlgorithms)
      .filter((alg) => has(profile.request_object_algorithms, alg))
      .filter((alg) => has(twins(client.request_object_signing_alg || alg), alg)),
  request_object_encryption: ({ realm, client }) =>
    names(realm.supportedRequestParameterEncryptionAlgorithms).filter(
      (alg) => alg === (client.request_object_encryption_alg || alg),
    ),
  request_object_content: ({ realm, client }) =>
    names(realm.supportedRequestParameterEncryptionEnc).filter(
      (enc) =>
        client.request_object_encryption_alg === '' ||
        enc === (client.request_object_encryption_enc || enc),
    ),
  request_object_required: ({ profile, realm }) =>
    ['exp', 'nbf'].filter(
      (name) =>
        profile.request_object_times === 'hour' ||
        realm[`${name}ClaimRequiredInRequestObject`] === true,
    ),
  request_object_span: ({ profile, realm }) =>
    Math.min(hourOf(profile), minutes(realm.maxDifferenceBetweenRequestObjectNbfAndExp)),
  request_object_age: ({ profile, realm }) =>
    Math.min(hourOf(profile), minutes(realm.maxAgeOfRequestObjectNbfClaim)),
  request_object_processing: ({ profile, realm, client }) => {
    const signed = [realm.requireSignedRequestObject, client.require_signed_request_object]
    const jar = [
      profile.request_object_processing === 'jar',
      realm.requestObjectProcessing === 'JAR',
    ]
    if ([...signed, ...jar].includes(true)) return 'jar'
    return realm.requestObjectProcessingEnforced === true ? 'openid' : 'either'
  },
  authorization_response: answers((client) => client.authorization_encrypted_response_alg !== ''),
  userinfo_response: answers((client) =>
    String(client.userinfoResponseFormat).includes('ENCRYPTED'),
  ),
  introspection_response: answers((client) =>
    String(client.tokenIntrospectionResponseFormat).includes('ENCRYPTED'),
  ),
  id_token_encryption: answers((client) => client.idTokenEncryptionEnabled === true),
  id_token_algorithm: ({ profile, client }) =>
    orFirst(profile.token_algorithms, client.id_token_signed_response_alg),
  access_token_algorithm: ({ profile, realm }) =>
    orFirst(profile.token_algorithms, realm.tokenSigningAlgorithm),
  access_token_typ: ({ profile, realm }) =>
    profile.extras === true ? 'JWT' : realm.accessTokenTyp,
  required_binding: tied,
}
