import type { HttpResponse } from '../base/http.ts'
import { isObject, member, parseJson } from '../base/json.ts'
import type { Clock } from '../base/time.ts'
import { decode } from '../grant/codec.ts'
import type { AuthorizationRecord, Grant, State } from '../grant/record.ts'
import { grantIn, requestIn } from '../grant/record.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { Store } from '../store/store.ts'
import { type Call, currentCall } from './call.ts'

/** What the person said, and with whose account. */
export type Decision =
  | {
      readonly allowed: true
      readonly username: string
      readonly sub: string
      readonly scope: readonly string[]
    }
  | { readonly allowed: false }

/** What became of a pushed authorization request (RFC 9126). No code and no token stands in it. */
export interface Push {
  readonly issuer: string
  readonly client_id: string
  readonly request_uri: string
  /** Seconds since 1970. */
  readonly pushed_at: number
  /** As it was validated: what was sent, or said in a signed request object, and the defaults. */
  readonly request: Omit<AuthorizationRequest, 'decision'>
  readonly state: State
  /** Undefined until somebody decided. */
  readonly decision: Decision | undefined
  /** In order: `code`, `access_token`, `refresh_token`. ID tokens leave no trace. */
  readonly issued: readonly string[]
}

/** The pushes of one server, told by what is written of them. */
export interface History {
  pushes(): readonly Push[]
  /** Stands before the shelf of records. */
  readonly records: (store: Store) => Store
  /** How the request was answered that pushed. */
  answered(call: Call, response: HttpResponse): void
}

/** How the key of an authorization looks; others have something behind it. */
const recordKey = /^[0-9a-f]{32}$/

interface Followed {
  readonly push: Push
  readonly grant: Grant | undefined
}

export function historyOf(now: Clock): History {
  const followed = new Map<string, Followed>()
  return {
    pushes: () => [...followed.values()].map(({ push }) => push),
    answered({ pushed }, { body }) {
      const known = pushed === undefined ? undefined : followed.get(pushed)
      if (pushed === undefined || known === undefined) return
      const said = parseJson(String(body))
      const request_uri = isObject(said) ? member(said, 'request_uri') : undefined
      if (typeof request_uri !== 'string') return
      followed.set(pushed, { ...known, push: { ...known.push, request_uri } })
    },
    records: (store) => ({
      ...store,
      async insert(key, value, ...more) {
        const outcome = await store.insert(key, value, ...more)
        const call = currentCall()
        const first =
          outcome === 'won' && recordKey.test(key) ? pushIn(decode(value), now()) : undefined
        if (first !== undefined && call !== undefined) {
          call.pushed = key
          followed.set(key, { push: first, grant: undefined })
        }
        return outcome
      },
      async replace(key, version, value, ...more) {
        const outcome = await store.replace(key, version, value, ...more)
        const known = followed.get(key)
        if (known !== undefined && outcome === 'won') followed.set(key, after(known, decode(value)))
        return outcome
      },
    }),
  }
}

/** What came from a client itself; what a browser brought is none. */
function pushIn(record: AuthorizationRecord, pushed_at: number): Push | undefined {
  const kept = requestIn(record)
  if (record.state !== 'pushed' || record.by_value || kept === undefined) return undefined
  const { decision: _, ...request } = kept
  const { issuer, client_id, state } = record
  const none = { decision: undefined, issued: [], request_uri: '' }
  return { issuer, client_id, pushed_at, request, state, ...none }
}

function after({ push, grant: before }: Followed, record: AuthorizationRecord): Followed {
  const { state } = record
  const grant = grantIn(record)
  const decision = decisionIn(record) ?? push.decision
  const issued = [...push.issued, ...newIn(before, grant)]
  return { push: { ...push, state, decision, issued }, grant: grant ?? before }
}

function decisionIn(record: AuthorizationRecord): Decision | undefined {
  if (record.state === 'denied') return { allowed: false }
  const grant = grantIn(record)
  if (grant === undefined) return undefined
  const { username, sub, scope } = grant
  return { allowed: true, username, sub, scope }
}

/** What a write issued, in the order in which it is handed out. */
function newIn(before: Grant | undefined, grant: Grant | undefined): readonly string[] {
  if (grant === undefined) return []
  const code = before === undefined && grant.code !== undefined ? ['code'] : []
  const access = Array.from({ length: grant.last - (before?.last ?? 0) }, () => 'access_token')
  const another = grant.refresh !== undefined && grant.refresh.n !== before?.refresh?.n
  return [...code, ...access, ...(another ? ['refresh_token'] : [])]
}
