import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Context, Span } from '@opentelemetry/api'
import type { Event } from '../../base/log.ts'
import { monotonic, nowInMilliseconds } from '../../base/time.ts'
import type { Trace } from '../../base/trace.ts'

type Library = typeof import('@opentelemetry/api')

/**
 * A span for each request, where somebody registered an OpenTelemetry SDK before the server started
 * (`node --import ./telemetry.js`); where nobody did nothing is done. Gives what ends it.
 */
export async function startSpans(): Promise<() => void> {
  // Where nobody has loaded the API nobody has registered anything with it.
  if (!Object.hasOwn(globalThis, apiOfVersion1)) return () => undefined
  const library = await import('@opentelemetry/api')
  if (!isRegistered(library)) return () => undefined
  const tracer = library.trace.getTracer('parapet')
  const listener = (message: unknown): void => {
    const { name, trace } = message as Event
    if (name !== 'request' || trace === undefined) return
    const now = nowInMilliseconds()
    const startTime = now - (monotonic() - trace.began)
    const said = `${trace.method} ${trace.endpoint}`.trimEnd()
    const { SpanKind, SpanStatusCode } = library
    const options = { kind: SpanKind.SERVER, startTime, attributes: attributesOf(trace) }
    const span: Span = tracer.startSpan(said, options, parentOf(library, trace))
    // Semantic conventions for HTTP: of a server only what is its own fault is an error.
    if (trace.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(now)
  }
  subscribe('parapet', listener)
  return () => unsubscribe('parapet', listener)
}

/** Under which all copies of the API of one major version find what was registered with one of them. */
const apiOfVersion1 = Symbol.for('opentelemetry.js.api.1')

/** Without an SDK the provider stands in for one that may come, and has none to hand on to. */
function isRegistered({ trace, ProxyTracerProvider }: Library): boolean {
  const provider = trace.getTracerProvider()
  return (
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegateTracer('parapet') !== undefined
  )
}

/** The caller's span, as its `traceparent` named it. */
function parentOf({ trace, ROOT_CONTEXT, TraceFlags }: Library, { id, parent }: Trace): Context {
  if (parent === undefined) return ROOT_CONTEXT
  const traceFlags = TraceFlags.SAMPLED
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: id,
    spanId: parent,
    traceFlags,
    isRemote: true,
  })
}

function attributesOf(told: Trace): Record<string, string | number | string[]> {
  const { id, endpoint, realm, method, status, client, refusal, breaches } = told
  return {
    'http.request.method': method,
    'http.route': endpoint,
    'http.response.status_code': status,
    'parapet.request_id': id,
    'parapet.realm': realm,
    ...(client !== undefined && { 'parapet.client_id': client }),
    ...(refusal !== undefined && { 'error.type': refusal.code }),
    ...(refusal?.why !== undefined && { 'parapet.reason': refusal.why }),
    ...(breaches && { 'parapet.would_refuse': breaches.map(({ why = '' }) => why) }),
  }
}
