import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { demoAddresses } from '../src/demo/seed.ts'
import { readServerSettings } from '../src/server/settings.ts'
import { type Running, start } from '../src/start.ts'

/** A demo on disk, with metrics at a place. */
async function serving(place: string, work: (server: Running) => Promise<void>): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'parapet-metrics-'))
  const { settings } = readServerSettings({
    ...{ PORT: '0', PARAPET_DATA: data, PARAPET_METRICS: place, PARAPET_METRICS_CLIENTS: '1' },
  })
  const server = await start(settings ?? assert.fail(), 'here')
  try {
    await work(server)
  } finally {
    await server.stop()
    await rm(data, { recursive: true, force: true })
  }
}

/** The value of one row, as text. */
function valueIn(text: string, row: string): string | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${row} `))
  return line?.slice(row.length + 1)
}

async function push(origin: string, client_id: string, scope: string): Promise<number> {
  const body = new URLSearchParams({
    ...{ client_id, scope, response_type: 'code', redirect_uri: demoAddresses(origin).callback },
    ...{ code_challenge_method: 'S256' },
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  })
  const url = `${origin}/am/oauth2/realms/root/realms/alpha/par`
  return (await fetch(url, { method: 'POST', body })).status
}

test('house: metrics count requests, pushes by client and state, sizes, commits, key ages and the event loop, on a port of their own', async () => {
  await serving('0', async ({ origin, metrics }) => {
    assert.equal(await push(origin, 'myPublicClient', 'openid'), 201)
    assert.equal(await push(origin, 'myPublicClient', 'unheard-of'), 400)
    assert.equal(await push(origin, 'myClient', 'openid'), 400)
    await fetch(`${origin}/am/oauth2/realms/root/realms/alpha/connect/jwk_uri`)
    const url = metrics ?? assert.fail('no port of their own')
    const answer = await fetch(url)
    assert.match(String(answer.headers.get('content-type')), /^text\/plain; version=/)
    const text = await answer.text()
    const par = (rest: string): string | undefined =>
      valueIn(text, `parapet_requests_total{endpoint="/par",${rest}}`)
    assert.equal(par('status="201",error=""'), '1')
    assert.equal(par('status="400",error="invalid_scope"'), '1')
    const state = (client: string, name: string): string | undefined =>
      valueIn(text, `parapet_pushes_total{realm="/alpha",client="${client}",state="${name}"}`)
    assert.equal(state('myPublicClient', 'pushed'), '1')
    assert.equal(state('myPublicClient', 'refused'), '1')
    assert.equal(state('other', 'refused'), '1', 'one client more than is told apart')
    assert.equal(valueIn(text, 'parapet_push_bytes_count'), '1')
    assert.ok(Number(valueIn(text, 'parapet_store_commit_seconds_count')) > 0)
    assert.ok(Number(valueIn(text, 'parapet_store_commit_writes_sum')) > 0)
    assert.match(text, /^parapet_key_age_seconds\{realm="\/alpha",family="\w/m)
    assert.match(text, /^nodejs_eventloop_lag_seconds /m)
    assert.equal((await fetch(`${origin}/metrics`)).status, 404)
    assert.equal((await fetch(new URL('/', url))).status, 404)
    assert.equal((await fetch(url, { method: 'POST' })).status, 405)
  })
})

test('house: metrics may be at a path of the server itself, and are nowhere by default', async () => {
  await serving('/internal/metrics', async ({ origin, metrics }) => {
    assert.equal(metrics, undefined)
    const answer = await fetch(`${origin}/internal/metrics`)
    assert.equal(answer.status, 200)
    assert.ok((await answer.text()).includes('parapet_requests_total'))
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
  })
  await serving('', async ({ origin, metrics }) => {
    assert.equal(metrics, undefined)
    assert.equal((await fetch(`${origin}/metrics`)).status, 404)
  })
})
