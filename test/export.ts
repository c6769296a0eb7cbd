/** A client that is registered with what an export of PingAM holds, and what comes back of it. */
import type { HttpResponse } from '../src/base/http.ts'
import type { Json, JsonObject } from '../src/base/json.ts'
import { isObject } from '../src/base/json.ts'
import type { World } from './world.ts'
import { base, callback, pushForm, requestOf } from './world.ts'

export const core = 'coreOAuth2ClientConfig'
export const advanced = 'advancedOAuth2ClientConfig'
export const keys = 'signEncOAuth2ClientConfig'
export const openid = 'coreOpenIDClientConfig'
export const overrides = 'overrideOAuth2ClientConfig'
export const client = '/realm-config/agents/OAuth2Client/shop'
export const provider = '/realm-config/services/oauth-oidc'
export const list = '/parapet/unserved'

/** A public client, whose pushes are told from others by what else it is registered with. */
export const shop: Readonly<Record<string, JsonObject>> = {
  [core]: { clientType: 'Public', redirectionUris: [callback], scopes: ['openid', 'write'] },
  [advanced]: { tokenEndpointAuthMethod: 'none' },
}

export function merged(...documents: readonly Readonly<Record<string, JsonObject>>[]): JsonObject {
  const whole: Record<string, JsonObject> = {}
  for (const document of documents)
    for (const [section, values] of Object.entries(document))
      whole[section] = { ...whole[section], ...values }
  return whole
}

/** Which of a push for `write`, and one for `openid`, are refused because of it. */
export type Refused = 'neither' | 'openid' | 'both'

export const on = { providerOverridesEnabled: true }
/** PingAM's own template: no placeholder that somebody forgot. */
export const dollar = '$' + '{goto}'
const script = '21138ab1-0621-4466-b18f-670bfcbabca7'
export const own = (name: string, type: string): JsonObject => ({
  ...on,
  [`${name}PluginType`]: type,
  [`${name}Script`]: script,
})

export function push(w: World, scope: string): Promise<HttpResponse> {
  const form = pushForm({ client_id: 'shop', scope, redirect_uri: callback })
  return w.serve(requestOf('POST', `${base}/par`, { form }))
}

/** What was put, out of what is read: no default, and no value wrapped. */
export function sameMembers(read: JsonObject, put: JsonObject): JsonObject {
  const members = Object.entries(put).map(([section, values]): [string, Json] => {
    const content = read[section]
    if (!isObject(values) || !isObject(content)) return [section, content ?? null]
    const inside = Object.keys(values).map((name): [string, Json] => {
      const value = content[name]
      const wrapped = isObject(value) && Object.hasOwn(value, 'inherited')
      return [name, (wrapped ? value.value : value) ?? null]
    })
    return [section, Object.fromEntries(inside)]
  })
  return Object.fromEntries(members)
}
