import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { logLines } from '../../src/server/observe/log-lines.ts'
import { readServerSettings } from '../../src/server/settings.ts'
import { start } from '../../src/start.ts'
import { byId, visibleText } from '../html-tree.ts'
import { challenge } from '../world.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const password = 'a test admin'
const data = mkdtempSync(join(tmpdir(), 'parapet-one-request-'))
after(() => rmSync(data, { recursive: true }))
const path = join(data, 'audit.log')
const { settings } = readServerSettings({
  ...{ PORT: '0', PARAPET_DATA: data, PARAPET_ADMIN_PASSWORD: password },
  ...{ PARAPET_AUDIT_LOG: path },
})
assert.ok(settings)

type Line = Readonly<Record<string, unknown>>

const linesIn = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

/** What an administrator is told of that request. */
async function explained(origin: string): Promise<Line> {
  const post = async (url: string, headers: Record<string, string>, body = {}): Promise<Line> => {
    const answer = await fetch(origin + url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    assert.equal(answer.status, 200, `${url} ${text}`)
    return JSON.parse(text) as Line
  }
  const { tokenId } = await post('/am/json/authenticate', {
    'accept-api-version': 'resource=2.1',
    'x-openam-username': 'amadmin',
    'x-openam-password': password,
  })
  return post(
    '/am/json/realms/root/realms/alpha/parapet?_action=explain',
    { 'accept-api-version': 'resource=1.0', iplanetdirectorypro: String(tokenId) },
    { request: traceId },
  )
}

test('house: one name of a request leads from the call to its answer, page, log, audit log, span and explanation', async () => {
  const exporter = new InMemorySpanExporter()
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
  let log = ''
  const write = (line: string): void => {
    log += line
  }
  const endLog = logLines(
    { level: 'info', format: 'json' },
    { write, written: async () => undefined },
  )
  const running = await start(settings, 'here')
  const visit = new URLSearchParams({
    ...{ client_id: 'myClient', response_type: 'code', scope: 'write' },
    ...{ redirect_uri: 'https://evil.example/cb', code_challenge: challenge },
  })
  after(() => running.stop())
  const answer = await fetch(
    `${running.origin}/am/oauth2/realms/root/realms/alpha/authorize?${visit}`,
    { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } },
  )
  const page = await answer.text()
  const told = await explained(running.origin)
  await running.stop()
  await endLog()
  trace.disable()

  assert.deepEqual([answer.status, answer.headers.get('x-request-id')], [400, traceId])
  assert.ok(byId(page, 'request_id'))
  assert.ok(visibleText(page).includes(traceId))

  const logged = linesIn(log).find(({ request }) => request === traceId)
  assert.equal(logged?.event, 'request')
  const time = byId(page, 'time')?.attributes.get('datetime')
  assert.ok(
    time !== undefined && Date.parse(time) <= Date.parse(String(logged.time)),
    'by its time it is found in the log',
  )

  const audited = linesIn(readFileSync(path, 'utf8')).filter(({ request }) => request === traceId)
  assert.deepEqual(
    audited.map(({ event, client, outcome }) => [event, client, outcome]),
    [['visit.refused', 'myClient', 'failure']],
  )

  const span = exporter.getFinishedSpans().find(({ name }) => name === 'GET /authorize')
  assert.equal(span?.spanContext().traceId, traceId)
  assert.equal(span.attributes['parapet.request_id'], traceId)

  assert.deepEqual([told.state, told.client_id], ['refused', 'myClient'])
  const { why, section } = told.stopped as Line
  assert.equal(why, span.attributes['parapet.reason'])
  assert.match(String(section), /^(?:RFC|OAuth)/)
})
