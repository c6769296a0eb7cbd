import { randomUUID } from 'node:crypto'
import type { HttpResponse } from '../src/base/http.ts'
import type { JsonObject } from '../src/base/json.ts'
import { anyState } from '../src/config/kind.ts'
import { serviceAccountKind } from '../src/config/service-account.ts'
import { jwtBearerGrant } from '../src/protocol/grant-type.ts'
import type { Signer } from './assertion.ts'
import { keySet, signer } from './assertion.ts'
import { post } from './register.ts'
import { forge } from './token.ts'
import type { World } from './world.ts'
import { bodyOf, origin } from './world.ts'

/** The root realm's token endpoint, where service accounts ask. */
export const tokenUrl = `${origin}/am/oauth2/access_token`

/** A service account of a test, with the key it signs by. */
export interface Account {
  readonly id: string
  readonly signer: Signer
}

export async function serviceAccount(
  w: World,
  scopes: readonly string[],
  more: JsonObject = {},
): Promise<Account> {
  const by = await signer('ES256')
  const input = { name: `account ${randomUUID()}`, scopes, jwks: keySet(by), ...more }
  const realm = await w.realm('/')
  const change = { by: 'test', condition: anyState }
  const saved = await serviceAccountKind.save(realm, '', input, change)
  if (!('item' in saved)) throw new Error(JSON.stringify(saved))
  return { id: saved.item.id, signer: by }
}

/** An assertion as frodo makes it: nothing but `alg` in its header. Undefined claims are left out. */
export function accountAssertion(
  w: World,
  { id, signer: by }: Account,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): string {
  const usual = { iss: id, sub: id, aud: tokenUrl, exp: w.clock.now + 180, jti: randomUUID() }
  return forge(by.key, { alg: by.key.alg, ...header }, { ...usual, ...claims })
}

/** Asks for a token by an assertion. */
export function askByAssertion(
  w: World,
  assertion: string,
  form: Readonly<Record<string, string>> = {},
  url = tokenUrl,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  const usual = { grant_type: jwtBearerGrant, client_id: 'service-account', scope: 'fr:am:*' }
  return post(w, url, { ...usual, assertion, ...form }, headers)
}

/** An access token of an account. */
export async function accountToken(w: World, account: Account, scope: string): Promise<string> {
  const answer = await askByAssertion(w, accountAssertion(w, account), { scope })
  if (answer.status !== 200) throw new Error(String(answer.body))
  return String(bodyOf(answer).access_token)
}
