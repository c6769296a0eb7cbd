import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../../test/cpu.ts'
import { withEvents } from '../../../test/events.ts'
import { post, postAs, redirect_uri, register } from '../../../test/register.ts'
import type { World } from '../../../test/world.ts'
import { bodyOf, challenge, origin, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { createRealm } from '../../realm/realms.ts'

const w = await world()
await register(w, 'one')
await register(w, 'one', {}, '/')

const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

function get(target: string, headers = {}, where: World = w): Promise<HttpResponse> {
  return where.serve(requestOf('GET', target, { headers }))
}

/** What every path form is for: where the realm's endpoints are, and which issuer they speak for. */
const forms: [prefix: string, query: string, issuer: string][] = [
  ['/am/oauth2/realms/root/realms/alpha', '', '/am/oauth2/realms/root/realms/alpha'],
  ['/am/oauth2/alpha', '', '/am/oauth2/alpha'],
  ['/am/oauth2', '?realm=/alpha', '/am/oauth2/alpha'],
  ['/am/oauth2', '?realm=alpha', '/am/oauth2/alpha'],
  ['/am/oauth2', '?x=1&realm=%2Falpha', '/am/oauth2/alpha'],
  ['/am/oauth2', '?%72ealm=/alpha', '/am/oauth2/alpha'],
  ['/am/oauth2/bravo', '?realm=/alpha', '/am/oauth2/alpha'],
  ['/am/oauth2/realms/root/realms/bravo', '?realm=/alpha', '/am/oauth2/alpha'],
  ['/am/oauth2/realms/root', '', '/am/oauth2/realms/root'],
  ['/am/oauth2', '', '/am/oauth2'],
  ['/am/oauth2', '?realm=', '/am/oauth2'],
  ['/am/oauth2', '?realm=/', '/am/oauth2'],
]
for (const [prefix, query, issuer] of forms) {
  test(`C-19 ${prefix}${query}: pushes are taken, the issuer is ${issuer}`, async () => {
    const pushed = await postAs(w, 'one', `${origin}${prefix}/par${query}`, good)
    assert.equal(pushed.status, 201, String(pushed.body))
    const metadata = bodyOf(await get(`${prefix}/.well-known/openid-configuration${query}`))
    assert.equal(metadata.issuer, origin + issuer)
    assert.equal(metadata.pushed_authorization_request_endpoint, `${origin}${issuer}/par`)
    const slash = await postAs(w, 'one', `${origin}${prefix}/par/${query}`, good)
    assert.equal(slash.status, 201)
  })
}

for (const path of ['/realms/root/realms/alpha', '/alpha', '']) {
  test(`C-19, RFC 8414 §3.1 the metadata of /am/oauth2${path} at both places, the same bytes`, async () => {
    const own = await get(`/am/oauth2${path}/.well-known/openid-configuration`)
    const other = await get(`/.well-known/oauth-authorization-server/am/oauth2${path}`)
    assert.equal(own.status, 200)
    assert.equal(other.body, own.body)
    assert.equal(bodyOf(other).issuer, `${origin}/am/oauth2${path}`)
    // RFC 8414 §3.1: a slash at the end of an issuer is taken away before it is built.
    const slash = await get(`/.well-known/oauth-authorization-server/am/oauth2${path}/`)
    assert.equal(slash.body, own.body)
    const behind = await get(`/am/oauth2${path}/.well-known/openid-configuration/`)
    assert.equal(behind.body, own.body)
  })
}

const missing: [target: string, message: string][] = [
  ['/am/oauth2/charlie/par', 'Realm "/charlie" not found'],
  ['/am/oauth2/realms/root/realms/charlie/par', 'Realm "/charlie" not found'],
  ['/am/oauth2/par?realm=/charlie', 'Realm "/charlie" not found'],
  ['/am/oauth2/alpha/par?realm=/charlie', 'Realm "/charlie" not found'],
  ['/am/oauth2/alpha/par?realm=/alpha&realm=/bravo', 'Realm " " not found'],
  ['/am/oauth2/alpha/par?realm=/alpha&realm=/alpha', 'Realm " " not found'],
  ['/am/oauth2/par?realm=https://evil.example', 'Realm " " not found'],
  ['/am/oauth2/ALPHA/par', 'Realm "/ALPHA" not found'],
  ['/am/oauth2/alpha/PAR', 'Not Found'],
  ['/am/oauth2/alpha/par/x', 'Not Found'],
  ['/am/oauth2/alpha//par', 'Not Found'],
  ['/.well-known/oauth-authorization-server/am/oauth2/alpha//', 'Not Found'],
  ['/.well-known/oauth-authorization-server/', 'Not Found'],
  ['/am/oauth2/alpha/./par', 'Not Found'],
  ['/am/oauth2/alpha/%70ar', 'Not Found'],
  ['/am/oauth2alpha/par', 'Not Found'],
  ['/am/oauth2', 'Not Found'],
  ['/am/json/realms/root/realms/alpha/par', 'Not Found'],
  ['/am', 'Not Found'],
  ['//', 'Not Found'],
  ['', 'Not Found'],
  ['/par', 'Not Found'],
  ['*', 'Not Found'],
]
for (const [target, message] of missing) {
  test(`C-19 ${target || 'nothing'}: 404 ${message}`, async () => {
    for (const method of ['GET', 'POST']) {
      const response = await w.serve(requestOf(method, target, { form: good }))
      assert.equal(response.status, 404)
      assert.deepEqual(bodyOf(response), { code: 404, reason: 'Not Found', message })
      assert.equal(response.headers['cache-control'], 'no-store')
      assert.equal(response.headers['x-content-type-options'], 'nosniff')
      assert.equal(response.headers['referrer-policy'], 'no-referrer')
    }
    const head = await w.serve(requestOf('HEAD', target))
    assert.deepEqual([head.status, head.body], [404, ''])
  })
}

test('C-21 a browser that was sent to a realm that is not there gets a page, a program the JSON of PingAM', async () => {
  const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
  const at = (target: string): Promise<HttpResponse> =>
    Promise.resolve(w.serve(requestOf('GET', target, { headers })))
  const page = await at('/am/oauth2/charlie/authorize?client_id=myClient')
  assert.deepEqual([page.status, page.headers['cache-control']], [404, 'no-store'])
  assert.match(String(page.body), /<p id="error">There is nothing at this address\.<\/p>/)
  assert.match(String(page.body), /Realm \/charlie not found/)
  assert.equal((await at('/am/XUI/?realm=/charlie')).status, 404)
  const message = 'Realm "/charlie" not found'
  assert.equal(bodyOf(await at('/am/oauth2/charlie/par')).message, message)
  assert.equal(bodyOf(await get('/am/oauth2/charlie/authorize')).message, message)
})

const browsers = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const askedBy: readonly (readonly [accept: string, target: string, page: boolean])[] = [
  [browsers, '/nothing', true],
  [browsers, '/am/nothing?x=1', true],
  [browsers, '/am/oauth2/alpha/nothing', true],
  [browsers, '/am/oauth2/alpha/device/code', true],
  ['TEXT/HTML', '/nothing', true],
  ['text/html;q=0.9, application/json;q=0.5', '/nothing', true],
  ['application/json, text/html;q=0.9', '/nothing', false],
  ['application/json, text/plain, */*', '/nothing', false],
  ['text/html, application/json', '/nothing', false],
  ['*/*', '/nothing', false],
  ['image/avif,image/webp,*/*;q=0.8', '/favicon.ico', false],
  ['text/html;q=0', '/nothing', false],
  // What `HttpURLConnection` says of itself.
  ['text/html, image/gif, image/jpeg, */*; q=0.2', '/am/json/realms/root/nothing', false],
  [browsers, '/openidm/nothing', false],
]
for (const [accept, target, page] of askedBy) {
  test(`C-21 at ${target} nothing is: whoever takes ${accept} is told by ${page ? 'a page' : 'JSON'}`, async () => {
    const ask = (method: string): Promise<HttpResponse> =>
      Promise.resolve(w.serve(requestOf(method, target, { headers: { accept } })))
    const told = await ask('GET')
    assert.deepEqual([told.status, told.headers['cache-control']], [404, 'no-store'])
    assert.equal(told.headers['x-content-type-options'], 'nosniff')
    assert.equal(told.headers['referrer-policy'], 'no-referrer')
    const type = page ? 'text/html;charset=UTF-8' : 'application/json;charset=UTF-8'
    assert.equal(String(told.headers['content-type']).replaceAll(' ', ''), type)
    if (page) {
      assert.match(String(told.body), /<p id="error">There is nothing at this address\.<\/p>/)
      assert.match(String(told.headers['content-security-policy']), /^default-src 'none'/)
    } else assert.equal(bodyOf(told).message, 'Not Found')
    const head = await ask('HEAD')
    assert.deepEqual([head.status, head.body], [404, ''])
    assert.equal(head.headers['content-type'], told.headers['content-type'])
    assert.equal(bodyOf(await ask('POST')).message, 'Not Found')
  })
}

test('C-19 a host name may mean a realm; the path and the query say more', async () => {
  const path = '/charlie'
  await createRealm(w.settings, { path, aliases: ['login.example'], document: {} })
  const at = async (target: string): Promise<unknown> => {
    const http = { ...requestOf('GET', target), origin: 'https://login.example' }
    return bodyOf(await w.serve(http)).issuer
  }
  const metadata = '/.well-known/openid-configuration'
  assert.equal(await at(`/am/oauth2${metadata}`), 'https://login.example/am/oauth2')
  const keys = await w.serve({
    ...requestOf('GET', '/am/oauth2/connect/jwk_uri'),
    origin: 'https://login.example',
  })
  const kids = (response: HttpResponse) =>
    (bodyOf(response).keys as { kid: string }[]).map(({ kid }) => kid)
  assert.deepEqual(kids(keys), kids(await get('/am/oauth2/charlie/connect/jwk_uri')))
  assert.equal(await at(`/am/oauth2/alpha${metadata}`), 'https://login.example/am/oauth2/alpha')
  assert.equal(
    await at(`/am/oauth2${metadata}?realm=/alpha`),
    'https://login.example/am/oauth2/alpha',
  )
})

const spoofs: Readonly<Record<string, string>>[] = [
  { host: 'evil.example' },
  { host: 'localhost:8080@evil.example' },
  { 'x-forwarded-host': 'evil.example' },
  { 'x-forwarded-proto': 'https' },
  { 'x-forwarded-port': '666' },
  { 'x-forwarded-uri': '/am/oauth2/bravo/par' },
  { 'x-forwarded-prefix': '/evil' },
  { 'x-original-url': '/am/oauth2/bravo/par' },
  { 'x-rewrite-url': '/am/oauth2/bravo/par' },
  { 'x-http-method-override': 'DELETE' },
  { forwarded: 'host=evil.example;proto=https' },
  { origin: 'https://evil.example' },
  { referer: 'https://evil.example/' },
]
for (const headers of spoofs) {
  test(`R-12 ${JSON.stringify(headers)} changes no issuer, address, Location or realm`, async () => {
    const path = '/am/oauth2/alpha'
    const metadata = `${path}/.well-known/openid-configuration`
    assert.equal((await get(metadata, headers)).body, (await get(metadata)).body)
    const url = `${path}/authorize?client_id=one&${new URLSearchParams(good)}`
    const [plain, spoofed] = [await get(url), await get(url, headers)]
    assert.equal(plain.status, 302)
    assert.equal(spoofed.headers.location, plain.headers.location)
    const pushed = await post(w, `${origin}${path}/par`, good, headers)
    assert.equal(pushed.status, 400, 'nobody is authenticated by it')
  })
}

test('a path is found again as quickly for the wrong as for the right, and remembered in bounds', async () => {
  for (let i = 0; i < 3000; i++) await get(`/am/oauth2/realm${i}/par`)
  const { events } = await withEvents(() => get(`/${'a/'.repeat(4000)}`))
  assert.ok((await cpuTime(() => get(`/${'a/'.repeat(4000)}`))) < 50)
  const { endpoint, status, path } = events[0]?.fields ?? {}
  assert.deepEqual([endpoint, status, path], ['', 404, undefined])
})
