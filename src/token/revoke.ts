import { event } from '../base/log.ts'
import { tellUser } from '../base/trace.ts'
import type { Client } from '../client/client.ts'
import { findRecord } from '../grant/find-record.ts'
import type { Found } from '../grant/record.ts'
import { grantIn, isFor, isIssued, isRedeemed } from '../grant/record.ts'
import { end, retryUntilDecided, dropToken as withoutToken } from '../grant/transition.ts'
import type { Realm } from '../realm/realm.ts'
import { readAccessToken } from './usable-token.ts'

/**
 * RFC 7009 §2.1: a refresh token ends its grant with all access tokens, an access token ends alone.
 * What is not the client's, or nothing at all, is left alone; the caller answers 200 either way. The
 * hint is not needed: a handle says itself what it is.
 */
export async function revokeToken(realm: Realm, client: Client, text: string): Promise<void> {
  const refresh = await findRecord(realm, 'refresh', text)
  if (typeof refresh !== 'string') {
    await retryUntilDecided(
      realm,
      refresh,
      (found) => endGrant(realm, client, found),
      () => true,
    )
    return
  }
  const access = await readAccessToken(realm, text)
  if (access !== undefined) {
    await retryUntilDecided(
      realm,
      access.found,
      (found) => dropToken(realm, client, found),
      () => true,
    )
  }
}

async function endGrant(realm: Realm, client: Client, found: Found): Promise<true | undefined> {
  const { record } = found
  if (!isFor(client, record) || record.state === 'ended') return true
  const sub = grantIn(record)?.sub
  if (sub !== undefined) tellUser(sub)
  if (!(await end(realm, found, 0))) return undefined
  event('grant.revoked', { realm: realm.path, client_id: client.client_id, sub })
  return true
}

async function dropToken(realm: Realm, client: Client, found: Found): Promise<true | undefined> {
  if (!isFor(client, found.record) || !(isIssued(found) || isRedeemed(found))) return true
  const { grant } = found.record
  const tokens = grant.tokens.filter((token) => token.n !== found.n)
  if (tokens.length === grant.tokens.length) return true
  const { sub } = grant
  tellUser(sub)
  if (!(await withoutToken(realm, found, { ...grant, tokens }))) return undefined
  event('token.revoked', { realm: realm.path, client_id: client.client_id, sub })
  return true
}
