import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import type { Profile } from '../../protocol/profile.ts'
import type { Names } from './row.ts'
import { byProfile, permits, term } from './row.ts'

const bySecret = ['client_secret_basic', 'client_secret_post'] as const

/** The methods a client may use that registered one of them; both of a secret where it may mix these. */
function methodsOf(
  profile: Profile,
  client: ClientMetadata | undefined,
  mixes: boolean,
): readonly string[] {
  if (client === undefined) return []
  const registered = client.token_endpoint_auth_method
  if (!permits(profile.auth_methods, registered)) return []
  const mixed = mixes && profile.mix_secret_methods
  return mixed && bySecret.some((name) => name === registered) ? bySecret : [registered]
}

/** How a client proves who it is. */
export const authenticationTerms = {
  public_clients: byProfile(
    'public_clients',
    'RFC 6749 §2.1',
    'Clients that can keep no secret are served.',
  ),
  offered_auth_methods: byProfile(
    'auth_methods',
    'OIDC Registration §2, FAPI 2.0 §5.3.2.1',
    'Methods that a confidential client may register.',
  ),
  auth_methods: term(
    {
      profile: ['auth_methods', 'mix_secret_methods'],
      client: ['token_endpoint_auth_method', 'eitherSecretMethod'],
    },
    'the registered one, if the profile has it; both of a secret where client and profile say so',
    'OIDC Registration §2, FAPI 2.0 §5.3.2.1',
    'Methods by which a confidential client may prove itself; without a client none.',
    (profile, _, client) => methodsOf(profile, client, client?.eitherSecretMethod === true),
  ),
  plain_auth_methods: term(
    { profile: ['auth_methods', 'mix_secret_methods'], client: ['token_endpoint_auth_method'] },
    'the same; both of a secret where the profile says so',
    'PingAM: oauth2-authz-grant-par',
    'The same for a request that is not OpenID Connect.',
    (profile, _, client) => methodsOf(profile, client, true),
  ),
  mix_secret_methods: byProfile(
    'mix_secret_methods',
    'PingAM: oauth2-authz-grant-par',
    'A public client may send a secret, which proves nothing.',
  ),
  assertion_algorithms: term(
    { profile: ['assertion_algorithms'], client: ['token_endpoint_auth_signing_alg'] },
    'the registered one, if the profile has it; `EdDSA` and `Ed25519` are one',
    'OIDC Registration §2, RFC 7523 §3',
    'What client assertions may be signed with.',
    ({ assertion_algorithms: allowed }, _, client): Names => {
      const names: Names = allowed === 'registered' ? 'any' : allowed
      if (client === undefined) return names
      const registered = client.token_endpoint_auth_signing_alg
      const own =
        registered === 'EdDSA' || registered === 'Ed25519' ? ['EdDSA', 'Ed25519'] : [registered]
      return own.filter((name) => permits(names, name))
    },
  ),
  assertion_audience: term(
    { profile: ['assertion_audience'], client: ['assertionAudience'] },
    'the client, unless empty; else the profile, whose `issuer-string` is not relaxed',
    'RFC 10070, FAPI 2.0 §5.3.2.1, RFC 7523 §3',
    'Which audiences a client assertion may have.',
    ({ assertion_audience: tier }, _, client): Profile['assertion_audience'] => {
      const own = client?.assertionAudience ?? ''
      return tier === 'issuer-string' || own === '' ? tier : own
    },
  ),
  invalid_client_status: byProfile(
    'invalid_client_status',
    'RFC 6749 §5.2',
    'Status of `invalid_client` where no `Authorization` header was sent.',
  ),
} as const
