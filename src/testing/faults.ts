import type { GetText } from '../base/fetch/get-text.ts'
import type { HttpResponse } from '../base/http.ts'
import type { Ready } from '../base/ready.ts'
import type { Store } from '../store/store.ts'
import { StoreUnavailable } from '../store/store.ts'
import { currentCall } from './call.ts'

/** What can be made to fail; `Parapet.fail` says what whoever asks sees of it. */
const faults = ['store', 'server_error', 'jwks_uri', 'request_uri', 'answer'] as const

export type Fault = (typeof faults)[number]

/** Faults of one server, and what stands where they come about. */
export interface Faults {
  /** See `Parapet.fail`. */
  fail(fault: Fault, times: number, path: string): () => void
  readonly store: (store: Store) => Store
  readonly getText: (get: GetText) => GetText
  /** The answer, or none ever. */
  readonly answer: (response: HttpResponse) => Ready<HttpResponse>
}

interface Due {
  readonly fault: Fault
  readonly path: string
  left: number
}

export function faultsOf(): Faults {
  const due: Due[] = []
  const fails = (fault: Fault): boolean => {
    const call = currentCall()
    if (call === undefined) return false
    if (call.failing.has(fault)) return true
    const { path } = call.http
    const next = due.find((d) => d.fault === fault && d.left > 0 && path.endsWith(d.path))
    if (next === undefined) return false
    next.left -= 1
    call.failing.add(fault)
    return true
  }
  return {
    fail(fault, times, path) {
      if (!faults.includes(fault))
        throw new Error(`${fault} cannot fail; what can: ${faults.join(', ')}`)
      const one = { fault, path, left: times }
      due.push(one)
      return () => {
        one.left = 0
      }
    },
    store: (store) => failing(store, fails),
    getText: (get) => async (url, limits) => {
      const { what } = limits
      if ((what === 'jwks_uri' || what === 'request_uri') && fails(what)) throw wished
      return get(url, limits)
    },
    answer: (response) => (fails('answer') ? new Promise<never>(() => {}) : response),
  }
}

const wished = new Error('a test wants it so')

/** A store that fails a request which is to fail, at its first verb and at every later one. */
function failing(store: Store, fails: (fault: Fault) => boolean): Store {
  const failure = (): Promise<never> | undefined => {
    if (fails('store')) return Promise.reject(new StoreUnavailable(wished.message))
    return fails('server_error') ? Promise.reject(wished) : undefined
  }
  return {
    ...store,
    get: (key) => failure() ?? store.get(key),
    insert: (...all) => failure() ?? store.insert(...all),
    replace: (...all) => failure() ?? store.replace(...all),
    delete: (key) => failure() ?? store.delete(key),
    list: (...all) => failure() ?? store.list(...all),
  }
}
