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
  readonly body: string
  /** The body as an object, where it is one. */
  readonly json: JsonObject | undefined
}

/** A request to make: with `form` a POST, else a GET. */
export interface Call {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: string
  /** Names of headers whose values nobody is to see afterwards. */
  readonly hidden?: readonly string[]
}

const patience = 10_000

/** Makes a request and notes both sides. Never throws: no answer is a result to show, too. */
export async function exchange(fetchIt: typeof fetch, call: Call): Promise<Exchange> {
  const method = call.form === undefined ? 'GET' : 'POST'
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const headers = { accept: 'application/json', ...(method === 'POST' && form), ...call.headers }
  const hidden = (call.hidden ?? []).map((name) => [name, '(hidden)'] as const)
  const shown = { ...headers, ...Object.fromEntries(hidden) }
  const sent = { method, url: call.url, headers: shown, body: call.form ?? '' } as const
  try {
    const response = await fetchIt(call.url, {
      ...{ method, headers, body: call.form ?? null, redirect: 'manual' },
      signal: AbortSignal.timeout(patience),
    })
    const body = await response.text()
    const type = response.headers.get('content-type') ?? ''
    return {
      ...sent,
      answer: { status: response.status, type, body, json: parseJsonObject(body) },
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
