import type { Binding } from '../binding/binding.ts'
import type { Client } from '../client/client.ts'
import type { SingleUse } from '../client/single-use.ts'
import type { Grant } from '../grant/record.ts'
import { grantDirect } from '../grant/transition.ts'
import type { Realm } from '../realm/realm.ts'
import { addToken } from './access-token.ts'
import type { Wanted } from './audience.ts'
import { directAudience } from './audience.ts'
import type { TokenResponse } from './issue.ts'
import { tokenResponse } from './issue.ts'
import type { Asked } from './script/given.ts'
import { modified } from './script/modify.ts'

/** Whose a token is that nobody was asked for, and what it is good for; and how it is asked for. */
type Direct = Pick<Grant, 'sub' | 'username' | 'grant_type' | 'scope' | 'authorization_details'> &
  Wanted &
  Asked

/** A token for whoever proved themselves in the same request: there is no session behind it, and never a refresh token. */
export async function issueDirect(
  realm: Realm,
  client: Client,
  { resource: asked, form, requestUri, ...direct }: Direct,
  singleUse: SingleUse | undefined,
  binding: Binding,
): Promise<TokenResponse> {
  const none = { epoch: 0, sid: '', tokens: [], last: 0 } as const
  const { scope } = direct
  const audience = await directAudience(realm, client, { scope, resource: asked })
  const { resource } = audience
  const told = resource === undefined ? {} : { resource }
  const untokened = { ...direct, ...none, ...told, scope: audience.scope, auth_time: realm.now() }
  const unmodified = addToken(realm, untokened, audience, binding.cnf)
  const grant = await modified(realm, client, unmodified, { form, requestUri })
  return grantDirect(realm, client, grant, singleUse, (kept) =>
    tokenResponse(realm, client, kept, grant, { refreshed: false, asked: grant.scope, requestUri }),
  )
}
