import { send } from '../base/fetch/send.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { event, reasonOf } from '../base/log.ts'
import type { Realm } from '../realm/realm.ts'
import { rulesOf } from './rules.ts'
import { CallRefused } from './run.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** What the connection decides is no script's to say (RFC 9110 §7.6.1). */
const ofConnection =
  /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*)$/i

/**
 * `httpClient`: one request under the guard that keeps what clients register from inner addresses. Whoever gives no
 * answer has given 502, as in PingAM. @throws CallRefused
 */
export async function sendFor(
  realm: Realm,
  address: string,
  message: Json,
  ended?: AbortSignal,
): Promise<JsonObject> {
  const url = URL.parse(address)
  if (url === null || !isObject(message)) throw new CallRefused(`${address} is no address`)
  const method = member(message, 'method')
  const body = member(message, 'body')
  if (typeof method !== 'string' || !methods.includes(method))
    throw new CallRefused(`the method ${JSON.stringify(method)} is not there`)
  const { bounds, values } = rulesOf(realm)
  const allowed = values[realm.path]?.addresses ?? []
  const privateAddresses = allowed.includes(url.host) || allowed.includes(withPort(url))
  try {
    const sent = { method, headers: headersIn(message), body: typeof body === 'string' ? body : '' }
    const { headers, ...answer } = await send(
      url,
      sent,
      {
        ...{ bytes: bounds.callLength, milliseconds: bounds.waiting },
        ...{ privateAddresses, by: realm.path },
      },
      ended,
    )
    return { ...answer, headers: { ...headers } }
  } catch (error) {
    const reason = reasonOf(error)
    event('script.http_failed', { realm: realm.path, host: url.host, reason }, 'warn')
    const status = { status: 502, statusText: 'Bad Gateway' }
    return { ...status, headers: {}, body: '', cause: reason }
  }
}

function headersIn(message: JsonObject): Readonly<Record<string, string>> {
  const headers = member(message, 'headers')
  const given = Object.entries(isObject(headers) ? headers : {})
  return Object.fromEntries(
    given
      .filter(([name]) => !ofConnection.test(name))
      .map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  )
}

function withPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`
}
