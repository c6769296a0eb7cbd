import type { JsonObject } from '../../base/json.ts'
import { memo } from '../../base/memo.ts'
import type { Ready } from '../../base/ready.ts'
import { whenReady } from '../../base/ready.ts'
import { clientMetadata } from '../../protocol/client-metadata.ts'
import { jwtBearerGrant } from '../../protocol/grant-type.ts'
import { readSettings } from '../../protocol/setting.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Client } from '../client.ts'
import { findClient } from '../client.ts'
import type { StoredServiceAccount } from './account.ts'
import { findServiceAccount } from './account.ts'

/** The `client_id` with which service accounts ask for tokens; nobody registers it (PingAM: service accounts). */
export const serviceAccountClient = 'service-account'

/** PingAM: tokens of service accounts live for 899 seconds. */
const document: JsonObject = {
  coreOAuth2ClientConfig: { clientType: 'Public', accessTokenLifetime: 899 },
  advancedOAuth2ClientConfig: {
    tokenEndpointAuthMethod: 'none',
    grantTypes: [],
    responseTypes: [],
  },
}

/**
 * The client that a service account's tokens are issued to: the account itself, under the name that all of
 * them share. What an account must not have any more its tokens have not either, since both ask this value.
 */
export const asClient = memo(({ account, version }: StoredServiceAccount): Client => {
  const { values } = readSettings(clientMetadata, document)
  return {
    ...values,
    client_id: serviceAccountClient,
    status: account.status,
    incarnation: account.incarnation,
    created: 0,
    version,
    secrets: [],
    unserved: [],
    document,
    scopeNames: new Set(account.scopes),
  }
})

/** Whom a grant was issued to, as it is now; undefined where that is no more. */
export function issuedTo(
  realm: Realm,
  { client_id }: { readonly client_id: string },
  { grant_type, sub }: { readonly grant_type: string; readonly sub: string },
): Ready<Client | undefined> {
  if (grant_type !== jwtBearerGrant) return findClient(realm, client_id)
  return whenReady(findServiceAccount(realm, sub), (stored) => stored && asClient(stored))
}
