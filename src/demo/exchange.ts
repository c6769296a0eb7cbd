import type { JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'

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
  /** The name under which the server answered; its log and its history have the same. */
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

/** `fetch` hides what happened in the cause. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message
}
