import { isDeepStrictEqual } from 'node:util'
import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import type { Profile } from '../../protocol/profile.ts'
import { profiles } from '../../protocol/profile.ts'
import type { RequirementName } from '../../protocol/value/requirement.ts'
import { requirements } from '../../protocol/value/requirement.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'
import type { Term } from './row.ts'

/** What the three say of which terms are made. */
export interface Said {
  readonly profile: Profile
  readonly realm: OAuth2Provider
  readonly client: ClientMetadata | undefined
}

/** What some of them say otherwise. */
interface Otherwise {
  readonly profile?: Partial<Profile>
  readonly realm?: Partial<OAuth2Provider>
  readonly client?: Partial<ClientMetadata>
}

/** A requirement: what the three say where none demands it, and what one of them says who does. */
interface Watchable {
  readonly free: Otherwise
  readonly demanded: Otherwise
}

const { fapi2 } = profiles

/** C-31. Where nobody demands what is to be watched, it is watched as profile `fapi2`, or its own switch, has it. */
export const watchable: Readonly<Record<RequirementName, Watchable>> = {
  require_pushed: {
    free: {
      profile: { require_pushed: false },
      realm: { requirePushedAuthorizationRequests: false },
      client: { require_pushed_authorization_requests: false },
    },
    demanded: { realm: { requirePushedAuthorizationRequests: true } },
  },
  require_signed: {
    free: {
      realm: { requireSignedRequestObject: false },
      client: { require_signed_request_object: false },
    },
    demanded: { realm: { requireSignedRequestObject: true } },
  },
  require_challenge: {
    free: {
      profile: { pkce: 'setting', plain_challenge: true },
      realm: { codeVerifierEnforced: 'false' },
      client: { codeVerifierEnforced: '' },
    },
    demanded: { profile: { pkce: 'always', plain_challenge: false } },
  },
  require_signed_response: {
    free: {
      realm: { requireSignedAuthorizationResponse: false },
      client: { require_signed_authorization_response: false },
    },
    demanded: { realm: { requireSignedAuthorizationResponse: true } },
  },
  required_binding: {
    free: {
      profile: { sender_constrained: false },
      realm: { senderConstraint: 'none' },
      client: {
        dpop_bound_access_tokens: false,
        tls_client_certificate_bound_access_tokens: false,
      },
    },
    demanded: { realm: { senderConstraint: 'either' } },
  },
  auth_methods: {
    free: { profile: { auth_methods: 'any', public_clients: true } },
    demanded: { profile: { auth_methods: fapi2.auth_methods, public_clients: false } },
  },
  assertion_algorithms: {
    free: { profile: { assertion_algorithms: 'registered' } },
    demanded: { profile: { assertion_algorithms: fapi2.assertion_algorithms } },
  },
  assertion_audience: {
    free: { profile: { assertion_audience: 'legacy' }, client: { assertionAudience: '' } },
    demanded: { profile: { assertion_audience: fapi2.assertion_audience } },
  },
  request_object_signing: {
    free: { profile: { request_object_algorithms: 'any' } },
    demanded: { profile: { request_object_algorithms: fapi2.request_object_algorithms } },
  },
  request_object_audience: {
    free: { profile: { request_object_audience: 'legacy' } },
    demanded: { profile: { request_object_audience: fapi2.request_object_audience } },
  },
  dpop_algorithms: {
    free: { profile: { dpop_algorithms: 'any' } },
    demanded: { profile: { dpop_algorithms: fapi2.dpop_algorithms } },
  },
}

/** Rows of the table of terms by which it is told whether a requirement is demanded. */
type Rows = Readonly<Record<RequirementName, Term<unknown>>>

/** What holds, and what would hold if nothing were only watched. */
export interface Parted {
  readonly enforced: Said
  readonly demanded: Said
  /** What is only watched. */
  readonly names: readonly RequirementName[]
}

/**
 * What the three say, without what is only watched of it and with it; undefined where nothing is, as nearly
 * always. A client's own list counts whatever else demands it. What a client has registered for itself is not
 * loosened by the realm's list.
 */
export function parted(rows: Rows, said: Said): Parted | undefined {
  const { realm, client } = said
  const listed = [...realm.observedRequirements, ...(client?.observedRequirements ?? [])]
  if (listed.length === 0) return undefined
  const names = (Object.keys(requirements) as RequirementName[]).filter(
    (name) =>
      client?.observedRequirements.includes(name) === true ||
      (realm.observedRequirements.includes(name) && !demandsItself(rows[name], name, said)),
  )
  if (names.length === 0) return undefined
  let enforced = said
  let demanded = said
  for (const name of names) {
    const { free, demanded: strict } = watchable[name]
    enforced = otherwise(enforced, free)
    if (isDeepStrictEqual(valueOf(rows[name], said), valueOf(rows[name], otherwise(said, free))))
      demanded = otherwise(demanded, strict)
  }
  return { enforced, demanded, names }
}

/** Whether a client demands it where profile and realm do not. */
function demandsItself(row: Term<unknown>, name: RequirementName, said: Said): boolean {
  const { profile = {}, realm = {}, client = {} } = watchable[name].free
  const alone = otherwise(said, { profile, realm })
  return !isDeepStrictEqual(valueOf(row, alone), valueOf(row, otherwise(alone, { client })))
}

function valueOf(row: Term<unknown>, { profile, realm, client }: Said): unknown {
  return row.of(profile, realm, client)
}

function otherwise(said: Said, { profile, realm, client }: Otherwise): Said {
  return {
    profile: { ...said.profile, ...profile },
    realm: { ...said.realm, ...realm },
    client: said.client && { ...said.client, ...client },
  }
}
