import type { HttpRequest, HttpResponse } from '../src/base/http.ts'
import type { Json } from '../src/base/json.ts'
import { saveClient } from '../src/client/registration.ts'
import { hashSecret } from '../src/client/stored-secret.ts'
import { grantTypes } from '../src/protocol/grant-type.ts'
import { responseTypes } from '../src/protocol/response-type.ts'
import type { Sent, World } from './world.ts'
import { base, basic, requestOf } from './world.ts'

type Section = Readonly<Record<string, Json>>

/** What sets a client of a test apart, by AM's sections. */
export interface Apart {
  readonly core?: Section
  readonly advanced?: Section
  readonly keys?: Section
  readonly openid?: Section
  readonly own?: Section
  /** Its secret, where that is not `secret`. */
  readonly text?: string
}

/** A secret as the server generates them: told by one hash, so that tests need not wait. */
export const secret = 'T3st-0f_9aQzLmXw7RvKpYcJb2NsHd6UeGi8FoBtWqE'

export const redirect_uri = 'https://rp.example/cb'

/**
 * Registers a client, or changes it: confidential, by Basic and `secret`, one redirect URI, every
 * grant and response type, unless said otherwise. Past the rules of registration: what slipped into
 * one is also a test.
 */
export async function register(
  w: World,
  client_id: string,
  { core, advanced, keys, openid, own, text = secret }: Apart = {},
  path = '/alpha',
): Promise<void> {
  const realm = await w.realm(path)
  const document = {
    coreOAuth2ClientConfig: {
      redirectionUris: [redirect_uri],
      scopes: ['openid', 'profile', 'write'],
      ...core,
    },
    advancedOAuth2ClientConfig: {
      grantTypes,
      responseTypes: responseTypes.map(({ name }) => name),
      ...advanced,
    },
    signEncOAuth2ClientConfig: { ...keys },
    coreOpenIDClientConfig: { ...openid },
    parapetClientConfig: { ...own },
  }
  await saveClient(realm, {
    client_id,
    document,
    secrets: [await hashSecret(realm, text, false)],
  })
}

let peers = 0

/** The request as from an address of its own, so that wrong tries of one test slow down no other. */
export function elsewhere(http: HttpRequest): HttpRequest {
  peers += 1
  return { ...http, peer: `10.${(peers >> 16) & 255}.${(peers >> 8) & 255}.${peers & 255}` }
}

/** Posts a form to an endpoint of alpha, or to a whole URL, from an address of its own. */
export function post(
  w: World,
  target: string,
  form: Sent['form'],
  headers: Sent['headers'] = {},
): Promise<HttpResponse> {
  const url = target.startsWith('/') ? base + target : target
  return w.serve(elsewhere(requestOf('POST', url, { form: form ?? '', headers })))
}

/** The same with the Basic credentials of a client registered here. */
export function postAs(
  w: World,
  client_id: string,
  target: string,
  form: Sent['form'],
): Promise<HttpResponse> {
  return post(w, target, form, { authorization: basic(client_id, secret) })
}
