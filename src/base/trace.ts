import { AsyncLocalStorage } from 'node:async_hooks'
import type { HttpRequest } from './http.ts'
import { randomName } from './random.ts'
import { monotonic } from './time.ts'

/** Why something was refused, for whoever watches; see `protocol/reason/index.ts` for what a reason says. */
export interface Refusal {
  /** Error code, as on the wire. */
  readonly code: string
  /** Name of a row of the table of reasons. */
  readonly why?: string | undefined
  readonly parameter?: string | undefined
  /** In which way something differs from what it should be; no value that somebody sent stands there. */
  readonly differs?: string | undefined
  /** For operators; no value that was sent stands here either. */
  readonly reason: string
}

/** What was let through although it breaks a requirement that is only watched. */
export interface Breach extends Refusal {
  /** Name of the requirement. */
  readonly requirement: string
}

/**
 * What is told of one request while it is answered, for whoever watches: log, audit log, metrics, spans,
 * history. Many write it, those read it when the answer is there. Nothing is ever decided by it.
 */
export interface Trace {
  /** Names the request: what its caller called it, or 32 hex digits. */
  readonly id: string
  /** The caller's span, 16 hex digits (W3C Trace Context §3.2.2.4). */
  readonly parent: string | undefined
  readonly method: string
  /** Address of the peer, or of the client a trusted proxy speaks for. */
  readonly peer: string
  /** Milliseconds of a clock that nobody sets: when the request had come whole. */
  readonly began: number
  /** Path of the endpoint as a pattern: `/par`; empty where none was found. */
  endpoint: string
  realm: string
  /** Where that realm keeps its records: servers that share a process are told apart by it. */
  shelf: object | undefined
  status: number
  /** A registered client that the request names; whether it proved itself, `refusal` tells. */
  client: string | undefined
  /** The `sub` of whoever is logged in, or logs in. */
  user: string | undefined
  /** Where the stored record of what it is about lies: its key, in hex. */
  about: string | undefined
  /** How long it is, where it was stored just now. */
  bytes: number | undefined
  /** What became of that, in order. */
  readonly steps: string[]
  refusal: Refusal | undefined
  /** The journey of a login that failed, and its node. */
  failedAt: { readonly journey: string; readonly node: string } | undefined
  /** What of it would have been refused; undefined: nothing, as nearly always. */
  breaches: readonly Breach[] | undefined
}

/** What a request says of itself. */
export type Announced = Pick<Trace, 'method' | 'peer'> & Partial<Pick<Trace, 'id' | 'parent'>>

/** A trace to which nothing has been told yet. */
export function newTrace({ method, peer, id, parent }: Announced): Trace {
  return {
    id: id ?? randomName(),
    parent,
    method,
    peer,
    began: monotonic(),
    endpoint: '',
    realm: '',
    shelf: undefined,
    status: 0,
    client: undefined,
    user: undefined,
    about: undefined,
    bytes: undefined,
    steps: [],
    refusal: undefined,
    failedAt: undefined,
    breaches: undefined,
  }
}

/** W3C Trace Context §3.2: version, trace id, the caller's span, flags; later versions may say more. */
const traceparent =
  /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}(?:-|$)/

/** What may name a request in a log line and in a header. */
const name = /^[\w.:@/+=-]{1,128}$/

/** The names callers give their requests beside a trace, the first that is there counts. */
const named = ['x-forgerock-transactionid', 'x-request-id'] as const

/** Header that says under which name a request was answered. */
export const requestIdHeader = 'x-request-id'

/** The trace of a request that came in: by the caller's own name for it, where it has one that can be taken. */
export function traceOf(method: string, peer: string, headers: HttpRequest['headers']): Trace {
  const parent = headers.traceparent
  if (typeof parent === 'string') {
    const [, id, span] = traceparent.exec(parent) ?? []
    if (id !== undefined) return newTrace({ method, peer, id, parent: span })
  }
  for (const each of named) {
    const id = headers[each]
    if (typeof id === 'string' && name.test(id)) return newTrace({ method, peer, id })
  }
  return newTrace({ method, peer })
}

const carried = new AsyncLocalStorage<Trace>()

/** Does the work of a request: whatever is told meanwhile is told of it. */
export function traced<T>(trace: Trace, work: () => T): T {
  return carried.run(trace, work)
}

/** The trace of the request that is being answered; undefined in what the server does by itself. */
export function currentTrace(): Trace | undefined {
  return carried.getStore()
}

/**
 * The same function, as part of the request that is being answered now, whoever calls it later: what works for many, such as a
 * thread or a queue, goes on in the name of somebody else's request.
 */
export function forThisRequest<A extends unknown[], T>(
  work: (...given: A) => T,
): (...given: A) => T {
  return AsyncLocalStorage.bind(work)
}

/** Does what the server does by itself, though it may be in the middle of a request, or in a timer that one has set. */
export function forNoRequest<T>(work: () => T): T {
  return carried.exit(work)
}

/** Tells for which user the current request is. */
export function tellUser(sub: string): void {
  const trace = carried.getStore()
  if (trace !== undefined) trace.user = sub
}

/** Tells what the current request is about: where its record lies. */
export function tellAbout(key: Buffer): void {
  const trace = carried.getStore()
  if (trace !== undefined) trace.about = key.toString('hex')
}

/** Tells what became of it too. */
export function tellStep(key: Buffer, step: string, bytes?: number): void {
  const trace = carried.getStore()
  if (trace === undefined) return
  trace.about = key.toString('hex')
  trace.bytes = bytes
  trace.steps.push(step)
}

/** Tells what became of it where its record stays as it is: a page was shown, say. What is tried again counts once. */
export function tell(step: string): void {
  const trace = carried.getStore()
  if (trace !== undefined && !trace.steps.includes(step)) trace.steps.push(step)
}

/** Tells what a request would have been refused for; the same of one requirement counts once. */
export function tellBreach(breach: Breach): void {
  const trace = carried.getStore()
  if (trace === undefined) return
  const { requirement, why } = breach
  const told = trace.breaches ?? []
  if (told.some((each) => each.requirement === requirement && each.why === why)) return
  trace.breaches = [...told, breach]
}
