import type { Got } from '../base/fetch/get-text.ts'
import { event, reasonOf } from '../base/log.ts'
import { lru } from '../base/lru.ts'
import { memo } from '../base/memo.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import type { Client } from './client.ts'
import { fetchLimits } from './jwks-uri.ts'

/** RFC 9101 §5.2: longest reference, in ASCII characters. */
const longest = 512

/** Seconds before another try after one that failed, and in which a copy with a fragment is used. */
const afterFailure = 5
const kept = 3600

/** RFC 9101 §5.2.3; and what OpenID Connect, which names no type, is served with. */
const types = [
  'application/oauth-authz-req+jwt',
  'application/jwt',
  'application/jose',
  'application/octet-stream',
  'text/plain',
]
const accept = 'application/oauth-authz-req+jwt, application/jwt;q=0.9, */*;q=0.1'

/** A resource that a reference names (RFC 9101 §5.2). */
interface Resource {
  pending: Promise<Got | undefined> | undefined
  /** Seconds: when it last failed. */
  failed: number
}

/** By realm, client and address without fragment. */
const resourcesOf = memo((_settings: Store) => lru<Resource>(1000))

/** What was found under references with a fragment, by realm, client and reference. */
const copiesOf = memo((_settings: Store) =>
  lru<{ readonly token: string; readonly until: number }>(200),
)

/**
 * The request object under a reference of the client's own (RFC 9101 §5.2, OIDC Core §6.2): one that is
 * registered, by one fetch at a time. A fragment stands for the content: what was found under it is
 * used again, and another one causes another fetch. Without a fragment nothing is kept.
 *
 * Undefined when nothing could be fetched.
 *
 * @throws OAuthError invalid_request_uri for one that is not registered.
 */
export async function referencedObject(
  realm: Realm,
  client: Client,
  request_uri: string,
): Promise<string | undefined> {
  const address = withoutFragment(request_uri)
  if (request_uri.length > longest || !client.request_uris.map(withoutFragment).includes(address)) {
    throw new OAuthError('invalid_request_uri', 'The request_uri is not registered.', {
      why: 'request-uri-unregistered',
      parameter: 'request_uri',
    })
  }
  const name = `${realm.path} ${client.client_id} ${client.version} ${request_uri}`
  const copies = copiesOf(realm.settings)
  const copy = copies.get(name)
  const now = realm.now()
  if (copy !== undefined && now < copy.until) return copy.token
  const got = await fetched(realm, client, address)
  if (got === undefined) return undefined
  const { text: token, keepFor } = got
  if (request_uri.includes('#') && keepFor > 0) {
    copies.set(name, { token, until: now + Math.min(kept, keepFor) })
  }
  return token
}

async function fetched(realm: Realm, client: Client, address: string): Promise<Got | undefined> {
  const name = `${realm.path} ${client.client_id} ${address}`
  const resources = resourcesOf(realm.settings)
  const resource = resources.get(name) ?? { pending: undefined, failed: Number.NEGATIVE_INFINITY }
  resources.set(name, resource)
  if (resource.pending === undefined) {
    if (realm.now() - resource.failed < afterFailure) return undefined
    resource.pending = fetchText(realm, client, address)
      .catch((error: unknown) => {
        resource.failed = realm.now()
        event(
          'client.request_not_fetched',
          { realm: realm.path, client_id: client.client_id, reason: reasonOf(error) },
          'warn',
        )
        return undefined
      })
      .finally(() => {
        resource.pending = undefined
      })
  }
  return resource.pending
}

/** The text as it was served; a line's end behind it is none of the token. */
async function fetchText(realm: Realm, client: Client, address: string): Promise<Got> {
  const url = new URL(address)
  const got = await realm.getText(url, {
    ...fetchLimits(realm, client, url),
    what: 'request_uri',
    accept,
    types,
  })
  return { ...got, text: got.text.replace(/\r?\n$/, '') }
}

function withoutFragment(uri: string): string {
  return uri.replace(/#.*$/s, '')
}
