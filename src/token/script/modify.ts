import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Ready } from '../../base/ready.ts'
import { boundTo } from '../../binding/binding.ts'
import type { Client } from '../../client/client.ts'
import { pluginScript } from '../../client/unserved.ts'
import type { Grant, TokenState } from '../../grant/record.ts'
import { jwtBearerGrant } from '../../protocol/grant-type.ts'
import type { Realm } from '../../realm/realm.ts'
import type { Asked } from './given.ts'
import { givenOf, outcomeOf, scriptFailure } from './given.ts'
import { ownClaims } from './own-claims.ts'

/** What a token says of itself is no script’s to say otherwise. */
const ownMembers = ownClaims(
  'client_id scope token_type grant_type authGrantId cts active expires_in username user_id authorization_details auth_level',
)

/** Bytes of JSON that a script may add to a token: they are kept with it, and travel in headers where it is a JWT. */
const mostSet = 8192

/**
 * The grant whose latest access token says what the script of its client or realm adds (PingAM: access token
 * modification). Where there is none, which is nearly always, the same grant at once. The script runs before anything is
 * written, so that one that fails leaves no code spent.
 *
 * @throws OAuthError server_error where the script is not there or cannot do its work.
 */
export function modified(realm: Realm, client: Client, grant: Grant, asked: Asked): Ready<Grant> {
  const id = pluginScript(realm, client, 'accessTokenModification')
  // What is a service account’s is not a client’s.
  if (id === undefined || grant.grant_type === jwtBearerGrant) return grant
  return modifiedBy(realm, client, grant, id, asked)
}

const purpose = {
  description: 'The access token could not be modified',
  what: 'access token modification',
} as const

async function modifiedBy(
  realm: Realm,
  client: Client,
  grant: Grant,
  id: string,
  asked: Asked,
): Promise<Grant> {
  const token = grant.tokens.at(-1) as TokenState
  const { client_id } = client
  const scopes = token.scope ?? grant.scope
  const given: JsonObject = {
    token: {
      ...{ sub: grant.sub, client_id, realm: realm.path, grant_type: grant.grant_type },
      ...{ scope: scopes, auth_time: grant.auth_time, exp: token.by, iat: token.iat },
      token_type: boundTo(token.cnf).token_type,
    },
    scopes,
    ...(await givenOf(realm, client, grant, asked)),
  }
  const left = await outcomeOf(realm, id, { kind: 'accessToken', given }, purpose)
  const fields = fieldsIn(member(left, 'set'))
  const size = Buffer.byteLength(JSON.stringify(fields))
  if (size > mostSet) {
    const reason = `script ${id} sets fields of ${size} bytes, more than ${mostSet}`
    throw scriptFailure(purpose, reason)
  }
  if (Object.keys(fields).length === 0) return grant
  return { ...grant, tokens: [...grant.tokens.slice(0, -1), { ...token, fields }] }
}

function fieldsIn(set: Json | undefined): JsonObject {
  const all = isObject(set) ? Object.entries(set) : []
  return Object.fromEntries(all.filter(([name]) => !ownMembers.has(name)))
}
