/**
 * testing: what a test is shown of the server that it runs, and what it lets fail there. Knows how requests
 * come to the endpoints and what goes into the store; knows no socket and no setting.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { HttpRequest } from '../base/http.ts'

/** One request, for as long as it is answered. */
export interface Call {
  readonly http: HttpRequest
  /** What was told to fail for it: it fails to the end. */
  readonly failing: Set<string>
  /** The key of the record that it pushed. */
  pushed?: string
}

const calls = new AsyncLocalStorage<Call>()

/** Answers a request so that all that is done for it knows for which it is. */
export function within<T>(call: Call, answer: () => T): T {
  return calls.run(call, answer)
}

/** The request that something is done for; undefined for what the server does by itself. */
export function currentCall(): Call | undefined {
  return calls.getStore()
}
