import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { recordedWorld } from '../../../test/history.ts'
import { visibleText } from '../../../test/html-tree.ts'
import { origin, requestOf } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { random } from '../../base/random.ts'
import { demoEndpoints } from '../relying-party.ts'

const w = await recordedWorld()
after(() => w.recorder.stop())
const endpoints = demoEndpoints({ baseUrl: origin, random })
const asked: string[] = []

/** The server itself, which names its answers as it does on a socket. */
async function served(url: string, init: RequestInit): Promise<Response> {
  const headers = init.headers as Record<string, string>
  if (url.includes('_action=explain')) asked.push(String(init.body))
  const request = requestOf(init.method ?? 'GET', url, { headers, body: String(init.body ?? '') })
  const { status, headers: told, body } = await w.serve(request)
  const type = String(told['content-type'])
  return new Response(String(body), {
    status,
    headers: { 'content-type': type, 'x-request-id': request.trace.id },
  })
}

async function demo(method: string, url: string, body = '', cookie = ''): Promise<HttpResponse> {
  const http = requestOf(method, url, { body, headers: { cookie } })
  const realm = { ...(await w.realm()), fetch: served as typeof fetch }
  const endpoint = endpoints.find(({ path }) => path === http.path) ?? assert.fail()
  return endpoint.handle(realm, http)
}

const push = (client_id: string, scope: string): Promise<HttpResponse> =>
  demo('POST', '/demo/push', `realm=alpha&client_id=${client_id}&scope=${scope}&pkce=on`)

test('C-33 the demo shows why its push was refused, as the server tells its client', async () => {
  const text = visibleText(String((await push('myClient', 'unheard-of')).body))
  assert.match(
    text,
    /What became of this push.*"why": "scope-unregistered".*"section": "RFC 6749 §3\.3"/s,
  )
})

test('C-33 the demo shows what became of its push at the end of its way', async () => {
  const pushed = await push('myClient', 'openid')
  const cookie = String(pushed.headers['set-cookie']).split(';', 1)[0]
  const end = await demo('GET', '/demo/callback?error=access_denied&state=x', '', cookie)
  assert.match(visibleText(String(end.body)), /What became of this push.*"state": "pushed"/s)
  assert.match(String(asked.at(-1)), /^\{"request_uri":"urn:/)
})

test('C-33 a public client proves nothing, and asks for nothing', async () => {
  const before = asked.length
  const page = String((await push('myPublicClient', 'unheard-of')).body)
  assert.match(page, /invalid_scope/)
  assert.match(page, /parapet explain --realm \/alpha/)
  assert.equal(asked.length, before)
})
