import type { JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'
import type { Realm } from '../realm/realm.ts'
import type { Party } from './push.ts'
import { proofOf } from './request.ts'
import type { Step } from './step.ts'

/** One request over HTTP and what came of it, as text to show. */
export interface Exchange {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Absent when no answer came; `failure` says why. */
  readonly answer?: Answer
  readonly failure?: string
}

export interface Answer {
  readonly status: number
  readonly type: string
  /** Under which name the server answered. */
  readonly request: string | undefined
  readonly body: string
  /** The body as an object, where it is one. */
  readonly json: JsonObject | undefined
}

/** A request to make: with `form` or `json` a POST, else a GET. */
export interface Call {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: string
  readonly json?: JsonObject
  /** Names of headers whose values nobody is to see afterwards. */
  readonly hidden?: readonly string[]
}

const patience = 10_000

/** Makes a request and notes both sides. Never throws: no answer is a result to show, too. */
export async function exchange(fetchIt: typeof fetch, call: Call): Promise<Exchange> {
  const sentBody = call.form ?? (call.json && JSON.stringify(call.json))
  const method = sentBody === undefined ? 'GET' : 'POST'
  const type = call.json === undefined ? 'application/x-www-form-urlencoded' : 'application/json'
  const posted = method === 'POST' && { 'content-type': type }
  const headers = { accept: 'application/json', ...posted, ...call.headers }
  const hidden = (call.hidden ?? []).map((name) => [name, '(hidden)'] as const)
  const shown = { ...headers, ...Object.fromEntries(hidden) }
  const sent = { method, url: call.url, headers: shown, body: sentBody ?? '' } as const
  try {
    const response = await fetchIt(call.url, {
      ...{ method, headers, body: sentBody ?? null, redirect: 'manual' },
      signal: AbortSignal.timeout(patience),
    })
    const body = await response.text()
    const told = {
      type: response.headers.get('content-type') ?? '',
      request: response.headers.get('x-request-id') ?? undefined,
    }
    return {
      ...sent,
      answer: { status: response.status, ...told, body, json: parseJsonObject(body) },
    }
  } catch (thrown) {
    return { ...sent, failure: reasonOf(thrown) }
  }
}

/** Whose push it was. */
interface Pusher {
  /** `alpha`. */
  readonly realm: string
  readonly client_id: string
}

/**
 * What the server says became of a push, by its `request_uri` or by the name of the request that was
 * refused; it tells a client about its own by its credentials. Nothing where the client has none, or
 * where no history is kept.
 */
export async function explained(
  realm: Pick<Realm, 'fetch'>,
  { baseUrl, credentials }: Pick<Party, 'baseUrl' | 'credentials'>,
  pusher: Pusher,
  asked: JsonObject,
): Promise<readonly Step[]> {
  const { headers, hidden = [] } = proofOf(pusher.client_id, credentials)
  if (headers.authorization === undefined) return []
  const made = await exchange(realm.fetch, {
    url: `${baseUrl}/am/json/realms/root/realms/${pusher.realm}/parapet?_action=explain`,
    headers: { ...headers, 'accept-api-version': 'resource=1.0', 'x-requested-with': 'demo' },
    hidden,
    json: asked,
  })
  if (made.answer?.status !== 200) return []
  return [{ title: 'What became of it, as the server tells', exchange: made }]
}

/** `fetch` hides what happened in the cause. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message
}
