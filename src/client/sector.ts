import { parseJson } from '../base/json.ts'
import { event, reasonOf } from '../base/log.ts'
import { lru } from '../base/lru.ts'
import { memo } from '../base/memo.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { attributeProblem } from '../protocol/client-metadata.ts'
import { OAuthError } from '../protocol/error.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Realm } from '../realm/realm.ts'
import type { Store } from '../store/store.ts'
import type { Client } from './client.ts'
import { fetchLimits } from './jwks-uri.ts'

/** Hosts that name nobody: every machine has them. */
const everybodys: ReadonlySet<string> = new Set(['', 'localhost', '127.0.0.1', '[::1]'])

/**
 * The sector of a client: the host of its sector identifier, else the one host of its redirect URIs (OIDC Core
 * §8.1). Undefined where there is none, or several, or one that is nobody's own.
 */
export function sectorOf(
  metadata: Pick<ClientMetadata, 'sector_identifier_uri' | 'redirect_uris'>,
): string | undefined {
  const { sector_identifier_uri: address, redirect_uris } = metadata
  if (address !== '') return URL.parse(address)?.hostname
  const hosts = new Set(redirect_uris.map((uri) => URL.parse(uri)?.hostname ?? ''))
  const [host] = hosts
  return host === undefined || hosts.size > 1 || everybodys.has(host) ? undefined : host
}

/** OIDC Registration §2: clients whose redirect URIs have several hosts need a sector identifier. */
export function sectorProblems(realm: Realm, metadata: ClientMetadata): Problem[] {
  if (metadata.subject_type !== 'pairwise') return []
  if (!realm.provider.supportedSubjectTypes.includes('pairwise'))
    return [attributeProblem('subject_type', 'a type that the realm does not have')]
  if (sectorOf(metadata) !== undefined) return []
  const text = 'needed, since the redirect URIs do not have one host that is the client’s own'
  return [attributeProblem('sector_identifier_uri', text)]
}

/** What was found at an address, and until when that counts, in seconds. */
interface Listed {
  readonly uris: ReadonlySet<string> | undefined
  readonly until: number
}

const limits = { afterFailure: 5, least: 60, most: 3600 } as const

/** By realm, client and address. */
const listsOf = memo((_settings: Store) => lru<Promise<Listed>>(1000))

/**
 * OIDC Registration §5: a client belongs to the sector that it names only if that says so: its redirect URI is
 * in the list at the address. Asked for before anything is issued, under the same limits as a key set.
 *
 * @throws OAuthError unauthorized_client.
 */
export async function requireSector(
  realm: Realm,
  client: Client,
  redirect_uri: string,
): Promise<void> {
  if (client.subject_type !== 'pairwise') return
  if (sectorOf(client) === undefined) throw withoutSector()
  if (client.sector_identifier_uri === '') return
  const { uris } = await listOf(realm, client)
  if (uris?.has(redirect_uri) === true) return
  const says = 'The sector_identifier_uri of the client does not list its redirect_uri.'
  throw new OAuthError('unauthorized_client', says, { why: 'sector-unlisted' })
}

/** For clients that were registered in another way than by the rules. */
export function withoutSector(): OAuthError {
  const says = 'The client has pairwise subjects and no sector.'
  return new OAuthError('unauthorized_client', says, { why: 'sector-missing' })
}

async function listOf(realm: Realm, client: Client): Promise<Listed> {
  const lists = listsOf(realm.settings)
  const name = `${realm.path} ${client.client_id} ${client.sector_identifier_uri}`
  const known = lists.get(name)
  const before = await known
  if (before !== undefined && realm.now() < before.until) return before
  // Of those who waited for the same one the first asks.
  const current = lists.get(name)
  if (current !== undefined && current !== known) return current
  const asked = fetchList(realm, client, before)
  lists.set(name, asked)
  return asked
}

async function fetchList(
  realm: Realm,
  client: Client,
  before: Listed | undefined,
): Promise<Listed> {
  const { sector_identifier_uri, client_id } = client
  try {
    const url = new URL(sector_identifier_uri)
    const what = 'sector_identifier_uri'
    const { text, keepFor } = await realm.getText(url, { ...fetchLimits(realm, client, url), what })
    const list = parseJson(text)
    if (!Array.isArray(list) || !list.every((uri) => typeof uri === 'string'))
      throw new Error('no list of redirect URIs')
    const kept = Math.min(limits.most, Math.max(limits.least, keepFor))
    return { uris: new Set(list), until: realm.now() + kept }
  } catch (error) {
    const reason = reasonOf(error)
    event('client.sector_not_fetched', { realm: realm.path, client_id, reason }, 'warn')
    return { uris: before?.uris, until: realm.now() + limits.afterFailure }
  }
}
