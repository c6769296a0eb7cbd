import type { Form } from '../../base/form.ts'
import { OAuthError } from '../../protocol/error.ts'
import { readParameters } from '../../protocol/parameter.ts'
import type { ReasonName } from '../../protocol/reason/index.ts'
import { resourceParameter } from '../../protocol/value/resource.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Client } from '../client.ts'
import type { Resource } from './resource.ts'
import { bareResource, findResource } from './resource.ts'

/** The resources a token request names, each once (RFC 8707 §2.2); undefined: none. @throws OAuthError invalid_target. */
export function resourcesNamed(form: Form): readonly string[] | undefined {
  if (!form.has('resource')) return undefined
  return readParameters({ resource: resourceParameter }, form).resource
}

/**
 * The resources of these identifiers, in their order: each one there is and this client may ask for.
 *
 * @throws OAuthError invalid_target. Which resources there are is nobody's to try out: the answer is one.
 */
export async function requestedResources(
  realm: Realm,
  client: Client,
  identifiers: readonly string[],
): Promise<readonly Resource[]> {
  const found: Resource[] = []
  for (const identifier of identifiers) {
    const one = await usableResource(realm, client, identifier)
    if (typeof one === 'string') throw refusedTarget(one)
    found.push(one)
  }
  return found
}

/** Those of them that there still are, and that this client may still ask for. */
export async function resourcesLeft(
  realm: Realm,
  client: Client,
  identifiers: readonly string[],
): Promise<readonly Resource[]> {
  const all = await Promise.all(identifiers.map((each) => usableResource(realm, client, each)))
  return all.filter((one) => typeof one !== 'string')
}

async function usableResource(
  realm: Realm,
  client: Client,
  identifier: string,
): Promise<Resource | 'resource-unknown' | 'resource-not-allowed'> {
  const found = (await findResource(realm, identifier)) ?? ownResource(realm, identifier)
  if (found === undefined) return 'resource-unknown'
  const may = found.everyClient || client.resources.includes(identifier)
  return may ? found : 'resource-not-allowed'
}

/** This server is a resource itself, of userinfo and its own APIs: a token without any resource is for it (RFC 9068 §3). */
function ownResource({ issuer }: Realm, identifier: string): Resource | undefined {
  if (identifier !== issuer) return undefined
  return { ...bareResource, identifier, everyClient: true }
}

/** RFC 8707 §2. */
export function refusedTarget(why: ReasonName): OAuthError {
  return new OAuthError('invalid_target', 'The resource is unknown, or not for this client', {
    why,
    parameter: 'resource',
  })
}
