import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { base, origin as own, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { endpoints } from '../index.ts'

const app = 'https://app.example'
const corsOrigins = [app, 'http://localhost:3000', '*', 'null']
const w = await world({
  alpha: { parapetConfig: { corsOrigins, corsHeaders: ['content-type', 'x-own'] } },
})

/** C-28 by its letter. */
const open = [
  '/par',
  '/access_token',
  '/userinfo',
  '/token/revoke',
  '/introspect',
  '/connect/endSession',
  '/.well-known/openid-configuration',
  '/connect/jwk_uri',
  '/authenticate',
  '/sessions',
  '/serverinfo/*',
]

test('C-28 web origins reach what is listed and nothing else', () => {
  const reached = endpoints.filter(({ cors }) => cors).map(({ path }) => path)
  assert.deepEqual(
    [
      ...new Set(reached.map((path) => (path.startsWith('/serverinfo') ? '/serverinfo/*' : path))),
    ].sort(),
    [...open].sort(),
  )
})

function urlOf(path: string, under: string): string {
  const root = under === 'json' ? `${own}/am/json/realms/root/realms/alpha` : base
  return root + path.replace('/*', '/version')
}

function preflight(url: string, headers: Readonly<Record<string, string>>): Promise<HttpResponse> {
  return w.serve(requestOf('OPTIONS', url, { headers }))
}

const asks = { 'access-control-request-method': 'POST' }

for (const { path, under, cors, methods } of endpoints) {
  if (under !== 'oauth2' && under !== 'json') continue
  const url = urlOf(path, under)
  test(`C-28 ${under} ${path}: a preflight of a listed origin ${cors ? '204' : 'is refused'}`, async () => {
    const { status, headers, body } = await preflight(url, { ...asks, origin: app })
    if (!cors) {
      assert.notEqual(status, 204)
      assert.equal(headers['access-control-allow-origin'], undefined)
      return
    }
    assert.deepEqual([status, body], [204, ''])
    assert.equal(headers['access-control-allow-origin'], app)
    assert.equal(headers['access-control-allow-credentials'], 'true')
    assert.equal(headers['access-control-allow-headers'], 'content-type, x-own')
    assert.equal(headers['access-control-allow-methods'], [...methods, 'OPTIONS'].join(', '))
    assert.equal(headers.vary, 'Origin')
  })

  if (cors === 'public') continue
  test(`C-28 ${under} ${path}: any other origin gets nothing`, async () => {
    for (const origin of ['https://evil.example', `${app}/`, app.toUpperCase(), `${app}.evil`]) {
      const asked = await preflight(url, { ...asks, origin })
      assert.notEqual(asked.status, 204)
      const sent = await w.serve(requestOf('GET', url, { headers: { origin } }))
      for (const { headers } of [asked, sent]) {
        for (const name of Object.keys(headers)) {
          assert.ok(!name.startsWith('access-control-'), `${origin}: ${name}`)
        }
        if (cors) assert.equal(headers.vary, 'Origin')
      }
    }
  })
}

test('C-28 public are the metadata and the key set, nothing else', () => {
  const open = endpoints.filter(({ cors }) => cors === 'public').map(({ path }) => path)
  assert.deepEqual(open.sort(), ['/.well-known/openid-configuration', '/connect/jwk_uri'])
})

/** The metadata has two places (RFC 8414 §3). */
const publicUrls = [
  `${base}/.well-known/openid-configuration`,
  `${own}/.well-known/oauth-authorization-server/am/oauth2/realms/root/realms/alpha`,
  `${base}/connect/jwk_uri`,
]
for (const url of publicUrls) {
  test(`C-28 ${url} is open to every web origin without a setting, never with credentials`, async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost:5173', undefined]) {
      const headers: Record<string, string> = origin === undefined ? {} : { origin }
      for (const method of ['GET', 'HEAD']) {
        const read = await w.serve(requestOf(method, url, { headers }))
        assert.equal(read.status, 200)
        assert.equal(read.headers['access-control-allow-origin'], '*')
        assert.equal(read.headers['access-control-allow-credentials'], undefined)
        assert.equal(read.headers.vary, 'Origin')
      }
      if (origin === undefined) continue
      const asked = await preflight(url, { 'access-control-request-method': 'GET', origin })
      assert.equal(asked.status, 204)
      assert.equal(asked.headers['access-control-allow-origin'], '*')
      assert.equal(asked.headers['access-control-allow-methods'], 'GET, OPTIONS')
    }
    const listed = await w.serve(requestOf('GET', url, { headers: { origin: app } }))
    assert.equal(listed.headers['access-control-allow-origin'], app)
    assert.equal(listed.headers['access-control-allow-credentials'], 'true')
  })
}

test('C-28 a star or null in the list is an origin nobody has: no wildcard', async () => {
  for (const origin of ['https://evil.example', 'null']) {
    const { headers } = await preflight(`${base}/par`, { ...asks, origin })
    assert.equal(headers['access-control-allow-origin'], undefined)
  }
})

test('house: a preflight is one outcome event too', async () => {
  const ask = () => preflight(`${base}/par`, { ...asks, origin: app })
  const { events } = await withEvents(ask)
  assert.deepEqual(
    events.map(({ name, fields }) => [name, fields.endpoint, fields.status]),
    [['request', '/par', 204]],
  )
})

test('C-28 without an origin or without the question there is no preflight', async () => {
  assert.equal((await preflight(`${base}/par`, asks)).status, 405)
  assert.equal((await preflight(`${base}/par`, { origin: app })).status, 405)
})

test('C-28 the list is the realm’s own', async () => {
  const bravo = base.replace('alpha', 'bravo')
  assert.equal((await preflight(`${bravo}/par`, { ...asks, origin: app })).status, 405)
})

test('H-9 every endpoint answers a method it does not have with 405 and Allow', async () => {
  for (const { path, under, methods } of endpoints) {
    if (under !== 'oauth2') continue
    const response = await w.serve(requestOf('PATCH', urlOf(path, under)))
    assert.equal(response.status, 405, path)
    assert.equal(response.headers.allow, methods.join(', '))
  }
})
