import type { ResponseType } from '../protocol/response-type.ts'
import { responseType } from '../protocol/response-type.ts'
import type { OAuth2Provider } from '../realm/oauth2-provider.ts'
import type { Realm } from '../realm/realm.ts'
import type { Client } from './client.ts'
import { profileOf } from './client.ts'

/** RFC 9126 §5, §6: whether profile, realm or client takes pushed requests only. */
export function pushRequired(realm: Realm, client: Client): boolean {
  return (
    profileOf(realm, client).require_pushed ||
    realm.provider.requirePushedAuthorizationRequests ||
    client.require_pushed_authorization_requests
  )
}

/** RFC 9101 §10.5: whether realm or client takes signed requests only. */
export function signedRequired(realm: Realm, client: Client): boolean {
  return realm.provider.requireSignedRequestObject || client.require_signed_request_object
}

/** Whether the client is registered for a response type, and its profile has it. */
export function hasResponseType(realm: Realm, client: Client, type: ResponseType): boolean {
  const { response_types } = profileOf(realm, client)
  // `none` issues nothing, so nobody need be registered for it.
  const registered =
    type.issues.length === 0 || client.response_types.some((name) => responseType(name) === type)
  return registered && (response_types === 'registered' || response_types.includes(type.name))
}

/** Whether client and realm have the grants a response type needs. */
export function hasGrantsOf(realm: Realm, client: Client, type: ResponseType): boolean {
  return type.grants.every(
    (g) => client.grant_types.includes(g) && realm.provider.grantTypes.includes(g),
  )
}

/** RFC 7636: whether the client may use `plain`. */
export function mayUsePlain(realm: Realm, client: Client): boolean {
  return profileOf(realm, client).plain_challenge && client.plainChallenge
}

/** C-12: whether the client must send a challenge. */
export function mustUsePkce(realm: Realm, client: Client): boolean {
  if (profileOf(realm, client).pkce === 'always') return true
  const setting = client.codeVerifierEnforced || realm.provider.codeVerifierEnforced
  return enforcedFor[setting](client)
}

/** PingAM: services-configuration: whom each value of `codeVerifierEnforced` means. */
const enforcedFor: Readonly<
  Record<OAuth2Provider['codeVerifierEnforced'], (client: Client) => boolean>
> = {
  true: () => true,
  public: (client) => client.clientType === 'Public',
  passwordless: (client) =>
    client.clientType === 'Public' || client.token_endpoint_auth_method === 'none',
  false: () => false,
}
