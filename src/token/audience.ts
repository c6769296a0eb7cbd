import type { Ready } from '../base/ready.ts'
import type { Client } from '../client/client.ts'
import { lifetimeAt, scopeAt } from '../client/resource/audience.ts'
import { refusedTarget, requestedResources, resourcesLeft } from '../client/resource/requested.ts'
import type { Resource } from '../client/resource/resource.ts'
import { termsOf } from '../client/terms.ts'
import type { Grant, TokenState } from '../grant/record.ts'
import type { Realm } from '../realm/realm.ts'

/** What one access token is for. */
export interface Audience {
  /** Identifiers of resources (RFC 8707); undefined: none was named, and it is for whoever takes it. */
  readonly resource: readonly string[] | undefined
  readonly scope: readonly string[]
  /** Seconds. */
  readonly lifetime: number
}

/** What a token request wants of a grant. */
export interface Wanted {
  /** What of the grant's scope is asked for and still the client's. */
  readonly scope: readonly string[]
  /** The resources the request names; undefined: none. */
  readonly resource: readonly string[] | undefined
}

/**
 * What a token of a grant is for: what was granted, or fewer resources where the request names some (RFC 8707 §2.2).
 * What is gone since, or not this client's any more, is in no new token.
 *
 * @throws OAuthError invalid_target, or invalid_scope where the scope means nothing there.
 */
export function audienceOf(
  realm: Realm,
  client: Client,
  { resource: granted }: Pick<Grant, 'resource'>,
  { scope, resource: asked }: Wanted,
): Ready<Audience> {
  if (granted === undefined && asked === undefined) return withoutResource(realm, client, scope)
  return narrowed(realm, client, granted ?? [realm.issuer], { scope, resource: asked })
}

/** The same for a grant that is made by this very request, so that nothing was granted before. */
export function directAudience(
  realm: Realm,
  client: Client,
  { scope, resource = client.default_resources }: Wanted,
): Ready<Audience> {
  if (resource.length === 0) return withoutResource(realm, client, scope)
  return requestedResources(realm, client, resource).then((found) =>
    audienceAt(realm, client, found, scope),
  )
}

async function narrowed(
  realm: Realm,
  client: Client,
  granted: readonly string[],
  { scope, resource: asked }: Wanted,
): Promise<Audience> {
  if (asked?.some((identifier) => !granted.includes(identifier)))
    throw refusedTarget('resource-not-granted')
  const found =
    asked === undefined
      ? await resourcesLeft(realm, client, granted)
      : await requestedResources(realm, client, asked)
  if (found.length === 0) throw refusedTarget('resource-taken-back')
  return audienceAt(realm, client, found, scope)
}

function audienceAt(
  realm: Realm,
  client: Client,
  resources: readonly Resource[],
  scope: readonly string[],
): Audience {
  return {
    resource: resources.map(({ identifier }) => identifier),
    scope: scopeAt(resources, scope),
    lifetime: lifetimeAt(resources, termsOf(realm, client).access_token_lifetime),
  }
}

function withoutResource(realm: Realm, client: Client, scope: readonly string[]): Audience {
  return { resource: undefined, scope, lifetime: termsOf(realm, client).access_token_lifetime }
}

/** The resources that a token was issued for; undefined: it names none. */
export function resourcesOf(
  { resource: granted }: Pick<Grant, 'resource'>,
  { resource = granted }: Pick<TokenState, 'resource'>,
): readonly string[] | undefined {
  return resource
}

/** RFC 7519 §4.1.3: one is a text, several are a list; undefined: it names none. */
export function audClaim(
  grant: Pick<Grant, 'resource'>,
  token: Pick<TokenState, 'resource'>,
): string | readonly string[] | undefined {
  const resources = resourcesOf(grant, token)
  return resources?.length === 1 ? resources[0] : resources
}
