import { createHmac } from 'node:crypto'
import type { Ready } from '../../base/ready.ts'
import { whenReady } from '../../base/ready.ts'
import type { Client } from '../../client/client.ts'
import { sectorOf, withoutSector } from '../../client/sector.ts'
import type { Grant } from '../../grant/record.ts'
import { hasUser } from '../../grant/record.ts'
import { pairwiseKey } from '../../realm/key/pairwise-key.ts'
import type { Realm } from '../../realm/realm.ts'
import { findEndUser } from '../../user/end-user.ts'

/**
 * What a client calls a user: the user's own id, or, where its subjects are pairwise, an id that all clients of
 * its sector have and nobody else can make or lead back (OIDC Core §8.1).
 *
 * @throws OAuthError unauthorized_client, where a client with pairwise subjects has no sector.
 */
export function subjectFor(realm: Realm, client: Client, sub: string): Ready<string> {
  return subjectIn(realm, sectorNow(client), sub)
}

/**
 * The sector whose name for a user a client is told; empty: it is told the user's own id.
 *
 * @throws OAuthError unauthorized_client, where a client with pairwise subjects has no sector.
 */
export function sectorNow(client: Client): string {
  if (client.subject_type !== 'pairwise') return ''
  const sector = sectorOf(client)
  if (sector === undefined) throw withoutSector()
  return sector
}

/**
 * Whether a client may have been told of a user by this name: the one of its sector or the user's own id, whichever its
 * subjects are now, since what was issued before a change goes on (OIDC Core §12.2). Only of names that this server
 * signed: to any other question a client with pairwise subjects would learn whose id is whose.
 */
export function wasToldAs(
  realm: Realm,
  client: Client | undefined,
  name: string,
  sub: string,
): Ready<boolean> {
  if (name === sub) return true
  const sector = client && sectorOf(client)
  if (sector === undefined) return false
  return whenReady(subjectIn(realm, sector, sub), (subject) => subject === name)
}

/** Whether an account has had its id since `iat`, in seconds: what was signed before is about another one (C-37). */
export function wasTheirs(
  realm: Realm,
  sub: string,
  iat = Number.POSITIVE_INFINITY,
): Ready<boolean> {
  return whenReady(findEndUser(realm, sub), (user) => iat >= (user?.since ?? 0))
}

function subjectIn(realm: Realm, sector: string, sub: string): Ready<string> {
  if (sector === '') return sub
  return whenReady(pairwiseKey(realm), (key) =>
    createHmac('sha256', key)
      .update(JSON.stringify([sector, sub]))
      .digest('base64url'),
  )
}

/**
 * A grant as its client may know it: its user by the name that the account has now, since the one it was granted under
 * may be somebody else's. With a pairwise subject, its user has no other name either. A grant goes on with the subject
 * that it began with, whatever the client is changed to (OIDC Core §12.2).
 */
export function asTold(realm: Realm, client: Client, grant: Grant): Ready<Grant> {
  if (!hasUser(grant)) return underItsName(realm, grant)
  const sector = grant.sector ?? sectorNow(client)
  if (sector === '') return underItsName(realm, grant)
  return whenReady(subjectIn(realm, sector, grant.sub), (sub) => ({
    ...grant,
    sub,
    username: sub,
  }))
}

/** A grant of a user whose account is gone keeps the name it had, as one of a client or service account does. */
export function underItsName(realm: Realm, grant: Grant): Ready<Grant> {
  if (!hasUser(grant)) return grant
  return whenReady(findEndUser(realm, grant.sub), (user) =>
    user === undefined || user.username === grant.username
      ? grant
      : { ...grant, username: user.username },
  )
}
