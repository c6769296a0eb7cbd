import type { ClientMetadata } from '../../protocol/client-metadata.ts'
import type { OAuth2Provider } from '../../realm/oauth2-provider.ts'
import type { Term } from './row.ts'

type Enforced = OAuth2Provider['codeVerifierEnforced']

/** PingAM: services-configuration: whom each value of `codeVerifierEnforced` means. */
const enforcedFor: Readonly<Record<Enforced, (client: ClientMetadata | undefined) => boolean>> = {
  true: () => true,
  public: (client) => client?.clientType === 'Public',
  passwordless: (client) =>
    client?.clientType === 'Public' || client?.token_endpoint_auth_method === 'none',
  false: () => false,
}

/** C-12: whether the client must send a challenge. */
export const codeVerifierEnforced = {
  client: ['codeVerifierEnforced', 'clientType', 'token_endpoint_auth_method'],
  of: ({ pkce }, realm, client) => {
    if (pkce === 'always') return true
    const own = client?.codeVerifierEnforced ?? ''
    return enforcedFor[own === '' ? realm.codeVerifierEnforced : own](client)
  },
} as const satisfies Pick<Term<boolean>, 'client' | 'of'>
