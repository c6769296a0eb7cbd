import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { base, origin as own, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'
import { endpoints } from '../index.ts'

const w = await world()
const call = await administrator(w)
const service = `${own}/am/json/global-config/services/CorsService`
const app = 'https://spa.example'
const bravo = base.replace('alpha', 'bravo')

/** As the product writes it. */
const configuration: JsonObject = {
  enabled: true,
  acceptedOrigins: [app, '*', 'null'],
  acceptedMethods: ['GET', 'POST'],
  acceptedHeaders: ['authorization', 'x-own', 'two words'],
  exposedHeaders: ['X-Answer', 'a\nb'],
  allowCredentials: false,
  maxAge: 90,
}

async function configure(changes: JsonObject = {}, enabled = true): Promise<void> {
  const put = await call('PUT', service, { _id: '', enabled })
  assert.ok(put.status < 300)
  assert.equal((JSON.parse(String(put.body)) as JsonObject).parapet, undefined)
  const body = { ...configuration, ...changes }
  assert.ok((await call('PUT', `${service}/configuration/spa`, body)).status < 300)
}

function ask(url: string, method = 'POST', origin = app): Promise<HttpResponse> {
  const headers = { origin, 'access-control-request-method': method }
  return w.serve(requestOf('OPTIONS', url, { headers }))
}

const allowed = async (...asked: Parameters<typeof ask>): Promise<unknown> =>
  (await ask(...asked)).headers['access-control-allow-origin']

test('PingAM: cors-service an origin that an enabled configuration lists may call in every realm, as that says', async () => {
  assert.equal((await ask(`${base}/par`)).status, 405)
  assert.equal((await call('PUT', `${service}/configuration/spa`, configuration)).status, 201)
  assert.equal(await allowed(`${base}/par`), app, 'the service itself need not be said')
  await configure()
  for (const url of [`${base}/par`, `${bravo}/par`, `${base}/access_token`]) {
    const { status, headers } = await ask(url)
    assert.equal(status, 204, url)
    assert.equal(headers['access-control-allow-origin'], app)
    assert.equal(headers['access-control-allow-credentials'], undefined)
    assert.equal(headers['access-control-allow-headers'], 'authorization, x-own')
    assert.equal(headers['access-control-allow-methods'], 'POST, OPTIONS')
    assert.equal(headers['access-control-max-age'], '90')
    assert.equal(headers['access-control-expose-headers'], 'X-Answer, x-request-id')
    assert.equal(headers.vary, 'Origin')
  }
  const sent = await w.serve(
    requestOf('POST', `${base}/par`, { form: {}, headers: { origin: app } }),
  )
  assert.equal(sent.headers['access-control-allow-origin'], app)
  await configure({ allowCredentials: true })
  assert.equal((await ask(`${base}/par`)).headers['access-control-allow-credentials'], 'true')
})

test('C-28 an administrator’s endpoint is open to no origin, whatever the CORS service lists', async () => {
  await configure({ acceptedMethods: [] })
  for (const { path, under, cors, methods } of endpoints) {
    if (cors || (under !== 'json' && under !== 'openidm')) continue
    const url = under === 'json' ? `${own}/am/json/realms/root/realms/alpha` : `${own}/openidm`
    for (const method of methods)
      assert.equal(await allowed(url + path.replace('/*', '/x'), method), undefined, path)
  }
})

const nothing: readonly (readonly [why: string, changes: JsonObject, enabled: boolean])[] = [
  ['is not enabled', { enabled: false }, true],
  ['says nothing of whether it is', { enabled: 'true' }, true],
  ['lists another origin', { acceptedOrigins: [`${app}.evil`, `${app}/`] }, true],
  ['lists no list', { acceptedOrigins: app }, true],
  ['has another method', { acceptedMethods: ['GET'] }, true],
  ['is one of a service that is off', {}, false],
]
for (const [why, changes, enabled] of nothing) {
  test(`C-28 a configuration of the CORS service that ${why} lets nobody in`, async () => {
    await configure(changes, enabled)
    assert.equal(await allowed(`${base}/par`), undefined)
  })
}

test('C-28 a star or null in the CORS service is an origin nobody has', async () => {
  await configure()
  for (const origin of ['https://evil.example', 'null', '*'])
    assert.equal(await allowed(`${base}/par`, 'POST', origin), undefined, origin)
})

test('PingAM: cors-service what is deleted counts no more', async () => {
  await configure()
  assert.equal(await allowed(`${base}/par`), app)
  assert.equal((await call('DELETE', `${service}/configuration/spa`)).status, 200)
  assert.equal(await allowed(`${base}/par`), undefined)
})
