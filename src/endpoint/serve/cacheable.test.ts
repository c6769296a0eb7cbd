import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amendRealm } from '../../../test/amend.ts'
import type { World } from '../../../test/world.ts'
import { base, origin, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const app = 'https://app.example'
const w = await world({ alpha: { parapetConfig: { corsOrigins: [app] } } })

function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method: 'GET' | 'HEAD' = 'GET',
  at: World = w,
): Promise<HttpResponse> {
  return at.serve(requestOf(method, url, { headers }))
}

const path = new URL(base).pathname
const pages: readonly (readonly [what: string, url: string, seconds: number])[] = [
  ['the key set', `${base}/connect/jwk_uri`, 3600],
  ['OpenID discovery', `${base}/.well-known/openid-configuration`, 300],
  ['RFC 8414 metadata', `${origin}/.well-known/oauth-authorization-server${path}`, 300],
]

for (const [what, url, seconds] of pages) {
  test(`RFC 9111 §5.2.2, H-10 ${what} may be kept for ${seconds} s, and nothing denies it`, async () => {
    const { status, headers } = await get(url)
    assert.equal(status, 200)
    assert.equal(headers['cache-control'], `public, max-age=${seconds}`)
    assert.match(String(headers.etag), /^"[\w-]{22}"$/)
    assert.equal(headers.pragma, undefined)
    assert.equal(headers.vary, 'Origin')
    assert.equal(headers['x-content-type-options'], 'nosniff')
  })

  test(`RFC 9110 §13.1.2 ${what} is not sent to who has it`, async () => {
    const { headers } = await get(url)
    const etag = String(headers.etag)
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get(url, { 'if-none-match': known, origin: app })
      assert.deepEqual([again.status, again.body], [304, ''], known)
      assert.equal(again.headers.etag, etag, 'RFC 9110 §15.4.5')
      assert.equal(again.headers['cache-control'], headers['cache-control'])
      assert.equal(again.headers['content-type'], undefined)
      assert.equal(again.headers['access-control-allow-origin'], app, 'C-28')
    }
    for (const other of ['"x"', etag.slice(1, -1), '']) {
      assert.equal((await get(url, { 'if-none-match': other })).status, 200)
    }
    const head = await get(url, {}, 'HEAD')
    assert.deepEqual([head.status, head.body, head.headers.etag], [200, '', etag])
  })

  test(`RFC 9111 §3 an error at the place of ${what} is kept by nobody`, async () => {
    const missing = await get(url.replace('alpha', 'nowhere'))
    assert.deepEqual([missing.status, missing.headers['cache-control']], [404, 'no-store'])
    const posted = await w.serve(requestOf('POST', url))
    assert.deepEqual([posted.status, posted.headers['cache-control']], [405, 'no-store'])
    assert.equal(posted.headers.etag, undefined)
  })
}

test('RFC 9110 §8.8.3 the tag changes with what is said', async () => {
  const own = await world()
  const url = `${base}/.well-known/openid-configuration`
  const before = await get(url, {}, 'GET', own)
  await amendRealm(own, { advancedOAuth2Config: { requirePushedAuthorizationRequests: true } })
  const changed = await get(url, { 'if-none-match': String(before.headers.etag) }, 'GET', own)
  assert.equal(changed.status, 200)
  assert.notEqual(changed.headers.etag, before.headers.etag)
  const short = await get(`${origin}/am/oauth2/alpha/.well-known/openid-configuration`)
  assert.notEqual(short.headers.etag, (await get(url)).headers.etag, 'C-19 another issuer')
})
