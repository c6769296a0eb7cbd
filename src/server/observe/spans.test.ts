import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { breaching, registerBreaching } from '../../../test/breaches.ts'
import { push, pushForm, requestOf, world } from '../../../test/world.ts'
import { startSpans } from './spans.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

test('W3C Trace Context §3.2 a request is a span of its caller’s trace, by path pattern, with what was told of it', async () => {
  const exporter = new InMemorySpanExporter()
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
  const end = await startSpans()
  try {
    const w = await world()
    await push(w, pushForm({ scope: 'unheard-of' }))
    const headers = { traceparent: `00-${traceId}-${spanId}-01` }
    await w.serve(requestOf('GET', '/am/oauth2/realms/root/realms/alpha/userinfo', { headers }))
  } finally {
    end()
    trace.disable()
  }
  const [refused, called] = exporter.getFinishedSpans()
  assert.equal(refused?.name, 'POST /par')
  assert.equal(refused.parentSpanContext, undefined)
  const { 'parapet.request_id': id, ...told } = refused.attributes
  assert.match(String(id), /^[\da-f]{32}$/)
  assert.deepEqual(told, {
    'http.request.method': 'POST',
    'http.route': '/par',
    'http.response.status_code': 400,
    'parapet.realm': '/alpha',
    'parapet.client_id': 'myClient',
    'error.type': 'invalid_scope',
    ...(told['parapet.reason'] !== undefined && { 'parapet.reason': told['parapet.reason'] }),
  })
  assert.equal(called?.spanContext().traceId, traceId)
  assert.equal(called.parentSpanContext?.spanId, spanId)
  assert.equal(called.attributes['parapet.request_id'], traceId)
  const [from, to] = [called.startTime, called.endTime].map(([s, ns]) => s * 1e9 + ns)
  assert.ok((from ?? 0) <= (to ?? 0))
})

test('C-31 a span tells what would have been refused if it were not only watched', async () => {
  const exporter = new InMemorySpanExporter()
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
  const end = await startSpans()
  try {
    const w = await world()
    const row = breaching.require_signed
    await registerBreaching(w, 'app', row, ['require_signed'])
    await w.serve(await row.request(w, 'app'))
  } finally {
    end()
    trace.disable()
  }
  const [span] = exporter.getFinishedSpans()
  assert.deepEqual(span?.attributes['parapet.would_refuse'], ['object-required'])
})

test('house: without an SDK there are no spans, and nothing listens for them', async () => {
  const exporter = new InMemorySpanExporter()
  const end = await startSpans()
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
  try {
    await push(await world(), pushForm())
  } finally {
    end()
    trace.disable()
  }
  assert.deepEqual(exporter.getFinishedSpans(), [])
})
