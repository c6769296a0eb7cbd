import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import { type ProfileName, profiles } from '../../protocol/profile.ts'
import { readSettings } from '../../protocol/setting.ts'
import { type RequirementName, requirements } from '../../protocol/value/requirement.ts'
import { type OAuth2Provider, oauth2Provider } from '../../realm/oauth2-provider.ts'
import type { TermValues } from '../terms.ts'
import { terms, termsOf, termsOffered } from '../terms.ts'
import type { Term } from './row.ts'
import { watchable } from './watched.ts'

const ofRealm = readSettings(oauth2Provider, {}).values
const ofClient = readSettings(clientMetadata, {}).values

/** A requirement as its rows promise it. */
interface Promised {
  /** What realm or client set to demand it; absent: it is the profile’s alone. */
  readonly realm?: Partial<OAuth2Provider>
  readonly client?: Partial<ClientMetadata>
  /** What the client is otherwise, so that it can be told. */
  readonly with?: Partial<ClientMetadata>
  /** What the term is where nobody demands it, where a profile does, and where it is watched and nobody does. */
  readonly free: unknown
  readonly profiles: Partial<Record<ProfileName, unknown>>
  readonly demanded: unknown
  /** Where the realm, or the client, demands it, if that is more. */
  readonly byRealm?: unknown
  readonly own?: unknown
}

const narrow = ['ES256', 'PS256', 'EdDSA', 'Ed25519']

const promised: Readonly<Record<RequirementName, Promised>> = {
  require_pushed: {
    realm: { requirePushedAuthorizationRequests: true },
    client: { require_pushed_authorization_requests: true },
    free: false,
    profiles: { fapi2: true },
    demanded: true,
  },
  require_signed: {
    realm: { requireSignedRequestObject: true },
    client: { require_signed_request_object: true },
    free: false,
    profiles: {},
    demanded: true,
  },
  require_challenge: {
    realm: { codeVerifierEnforced: 'true' },
    client: { codeVerifierEnforced: 'true' },
    free: false,
    profiles: { fapi2: true },
    demanded: true,
  },
  require_signed_response: {
    realm: { requireSignedAuthorizationResponse: true },
    client: { require_signed_authorization_response: true },
    free: false,
    profiles: {},
    demanded: true,
  },
  required_binding: {
    realm: { senderConstraint: 'mtls' },
    client: { dpop_bound_access_tokens: true },
    free: 'none',
    profiles: { fapi2: 'either' },
    demanded: 'either',
    byRealm: 'mtls',
    own: 'dpop',
  },
  auth_methods: {
    with: { token_endpoint_auth_method: 'client_secret_post' },
    free: ['client_secret_post'],
    profiles: { fapi2: [] },
    demanded: [],
  },
  assertion_algorithms: {
    with: { token_endpoint_auth_signing_alg: 'RS256' },
    free: ['RS256'],
    profiles: { fapi2: [] },
    demanded: [],
  },
  assertion_audience: {
    client: { assertionAudience: 'issuer' },
    free: 'legacy',
    profiles: { strict: 'issuer', fapi2: 'issuer-string' },
    demanded: 'issuer-string',
    own: 'issuer',
  },
  request_object_signing: {
    free: ofRealm.supportedRequestParameterSigningAlgorithms,
    profiles: { fapi2: narrow },
    demanded: narrow,
  },
  request_object_audience: {
    free: 'legacy',
    profiles: { strict: 'issuer', fapi2: 'issuer' },
    demanded: 'issuer',
  },
  dpop_algorithms: { free: 'any', profiles: { fapi2: narrow }, demanded: narrow },
}

const modes = ['off', 'observe', 'on'] as const
type Mode = (typeof modes)[number]

/** Whether it holds, and is watched: the client’s word, then the realm’s list, then whoever demands it. */
function expected(row: Promised, profile: ProfileName, realm: Mode, client: Mode) {
  const byProfile = row.profiles[profile]
  const own =
    client === 'on' ? (byProfile === 'issuer-string' ? byProfile : (row.own ?? true)) : undefined
  const byRealm = realm === 'on' && row.realm !== undefined ? (row.byRealm ?? true) : undefined
  const holds = own ?? byRealm ?? byProfile ?? row.free
  if (client === 'observe' || (client === 'off' && realm === 'observe'))
    return { enforced: row.free, watched: byRealm ?? byProfile ?? row.demanded }
  return { enforced: holds, watched: undefined }
}

function made(
  row: Promised,
  name: RequirementName,
  profile: ProfileName,
  realm: Mode,
  client: Mode,
) {
  const observes = (mode: Mode): readonly string[] => (mode === 'observe' ? [name] : [])
  const provider: OAuth2Provider = {
    ...ofRealm,
    codeVerifierEnforced: 'false',
    ...(realm === 'on' && row.realm),
    observedRequirements: observes(realm),
  }
  const metadata: ClientMetadata = {
    ...ofClient,
    ...row.with,
    ...(client === 'on' && row.client),
    observedRequirements: observes(client),
  }
  return { realm: { provider, profile: profiles[profile] }, metadata }
}

const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.toSorted() : value)

for (const [name, row] of Object.entries(promised) as [RequirementName, Promised][])
  for (const profile of Object.keys(profiles) as ProfileName[])
    test(`C-31 ${name} in ${profile}: off, observed or on, by realm and by client`, () => {
      for (const realm of modes)
        for (const client of modes) {
          if (client === 'on' && row.client === undefined) continue
          const { realm: held, metadata } = made(row, name, profile, realm, client)
          const values = termsOf(held, metadata)
          const { enforced, watched } = expected(row, profile, realm, client)
          const where = `realm ${realm}, client ${client}`
          assert.deepEqual(sorted(values[name]), sorted(enforced), where)
          assert.deepEqual(sorted(values.watched?.[name]), sorted(watched), `${where}: watched`)
          if (realm === 'observe' && !ofEach.has(name))
            assert.deepEqual(termsOffered(held)[name], row.free, `${where}: offered`)
        }
    })

/** What each client registers alone, so that there is nothing to offer. */
const ofEach: ReadonlySet<string> = new Set(['auth_methods', 'assertion_algorithms'])

test('C-31 what is observed alters no term of which it is no source, in either list', () => {
  for (const name of Object.keys(requirements) as RequirementName[])
    for (const profile of Object.values(profiles)) {
      const usual = termsOf({ provider: ofRealm, profile }, ofClient)
      const metadata = { ...ofClient, observedRequirements: [name] }
      const observed = termsOf({ provider: ofRealm, profile }, metadata)
      for (const [term, row] of Object.entries<Term<unknown>>(terms))
        if (!dependsOn(row, name))
          for (const made of [observed, observed.watched])
            assert.deepEqual(
              made?.[term as keyof TermValues],
              usual[term as keyof TermValues],
              term,
            )
    }
})

function dependsOn(row: Term<unknown>, name: RequirementName): boolean {
  const { free, demanded } = watchable[name]
  return (['profile', 'realm', 'client'] as const).some((who) => {
    const altered = new Set<string>(Object.keys({ ...free[who], ...demanded[who] }))
    return row[who]?.some((source) => altered.has(source)) === true
  })
}

test('C-31 a list that names what cannot be watched, or nothing that is known, loosens nothing', () => {
  const others = Object.keys(terms).filter((name) => !Object.hasOwn(requirements, name))
  const observedRequirements = [...others, 'signatures', 'toString', '__proto__']
  for (const profile of Object.values(profiles)) {
    const provider = { ...ofRealm, observedRequirements }
    const held = termsOf({ provider, profile }, { ...ofClient, observedRequirements })
    assert.deepEqual(held, termsOf({ provider: ofRealm, profile }, ofClient))
  }
})
