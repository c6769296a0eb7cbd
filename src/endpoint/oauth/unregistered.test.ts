import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person } from '../../../test/flow.ts'
import { elsewhere, redirect_uri, register } from '../../../test/register.ts'
import { base, bodyOf, challenge, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { responseTypes } from '../../protocol/response-type.ts'

const w = await world()
await register(w, 'one', {
  core: { clientType: 'Public' },
  advanced: { tokenEndpointAuthMethod: 'none', isConsentImplied: true },
})
await register(w, 'code only', {
  core: { clientType: 'Public' },
  advanced: { tokenEndpointAuthMethod: 'none', responseTypes: ['code'] },
})
await register(w, 'pushes only', {
  core: { clientType: 'Public' },
  advanced: { tokenEndpointAuthMethod: 'none', require_pushed_authorization_requests: true },
})
const someone = await person(w)

const good: Readonly<Record<string, string>> = {
  client_id: 'one',
  response_type: 'code',
  scope: 'openid',
  state: 's',
  nonce: 'n',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** Every way in which a request can be wrong, as changes of a good one; some leave it right. */
const causes: [name: string, query: string][] = [
  ['nothing', ''],
  ...Object.keys(good).map((name): [string, string] => [`no ${name}`, `-${name}`]),
  ...Object.keys(good).map((name): [string, string] => [`an empty ${name}`, `${name}=`]),
  ...[...Object.keys(good), 'redirect_uri', 'x'].map((name): [string, string] => [
    `${name} twice`,
    `+${name}=a&${name}=b`,
  ]),
  ...responseTypes.map(({ name }): [string, string] => [name, `response_type=${name}`]),
  ...responseTypes.map(({ name }): [string, string] => [
    `${name} for code only`,
    `response_type=${name}&client_id=code only`,
  ]),
  ...responseTypes.map(({ name }): [string, string] => [
    `${name} without openid`,
    `response_type=${name}&scope=write`,
  ]),
  ...[
    'response_type=telepathy',
    'response_type=',
    'scope="',
    'scope=nonsense',
    'code_challenge=short',
    'code_challenge_method=plain',
    'code_challenge_method=x',
    'prompt=select_account',
    'prompt=none',
    'prompt=none login',
    'max_age=x',
    'claims={',
    'claims={"id_token":1}',
    'claims={"id_token":{"acr":{"essential":true,"value":"gold"}}}',
    'id_token_hint=x',
    'ui_locales=\0',
    'acr_values=a  b',
    'service=nonsense',
    'response_mode=fragment',
    'response_mode=form_post',
    'response_mode=query.jwt',
    'response_mode=x',
    'response_mode=query&response_type=token',
    'request=x',
    'request_uri=https://evil.example/r',
    'request_uri=urn:ietf:params:oauth:request_uri:x',
    'resource=x',
    'authorization_details=[]',
    'registration={}',
    'dpop_jkt=x',
    'decision=allow',
    'csrf=x',
    'client_id=nobody',
    'client_id=pushes only',
    'state=%',
  ].map((query): [string, string] => [JSON.stringify(query), query]),
]

const evil = [
  'https://evil.example/cb',
  'javascript:alert("evil.example")',
  '//evil.example',
  '/\\evil.example',
  `${redirect_uri}@evil.example`,
  `${redirect_uri}/../evil.example`,
  `${redirect_uri}#evil.example`,
]

/** The text of a query; `%` and what is repeated stands raw. */
function queryOf(cause: string, uri: string): string {
  const values = new Map(Object.entries({ ...good, redirect_uri: uri }))
  let more = ''
  if (cause.startsWith('-')) values.delete(cause.slice(1))
  else if (cause.startsWith('+')) more = `&${cause.slice(1)}`
  else if (cause !== '') {
    for (const pair of cause.split('&')) {
      const eq = pair.indexOf('=')
      const [name, value] = [pair.slice(0, eq), pair.slice(eq + 1)]
      if (value === '%') more += `&${pair}2`
      else values.set(name, value)
    }
  }
  return new URLSearchParams([...values]).toString() + more
}

function isPage(response: HttpResponse, what: string): void {
  assert.equal(response.status, 400, what)
  assert.equal(response.headers['content-type'], 'text/html;charset=UTF-8', what)
  assert.equal(response.headers.location, undefined, what)
  assert.equal(response.headers.refresh, undefined, what)
  assert.doesNotMatch(
    String(response.body),
    /evil\.example|http-equiv|<script(?! type="module" src="\/am\/XUI\/copy\.js\?v=)/i,
    what,
  )
}

const sends: [how: string, send: (query: string) => Promise<HttpResponse>][] = [
  ['a stranger', (query) => w.serve(requestOf('GET', `${base}/authorize?${query}`))],
  ['a user with a session', (query) => someone.get(`${base}/authorize?${query}`)],
  ['a user with a session, by POST', (query) => someone.post(`${base}/authorize`, query)],
]

for (const [name, cause] of causes) {
  test(`R-7, OA-8 ${name}, with a redirect_uri that is not registered: a page at /authorize, JSON at /par`, async () => {
    for (const uri of evil) {
      const query = queryOf(cause, uri)
      for (const [how, send] of sends) isPage(await send(query), `${how}: ${query}`)
      const before = w.records.changeCount()
      const pushed = await w.serve(elsewhere(requestOf('POST', `${base}/par`, { form: query })))
      assert.ok(pushed.status === 400 || pushed.status === 401, `${pushed.status}: ${query}`)
      assert.equal(pushed.headers.location, undefined)
      assert.equal(typeof bodyOf(pushed).error, 'string')
      assert.doesNotMatch(String(pushed.body), /evil\.example/)
      assert.equal(w.records.changeCount(), before, 'nothing is stored')
    }
  })
}

test('R-7 the matrix bites: with the registered redirect_uri the same requests do go there', async () => {
  let sent = 0
  for (const [, cause] of causes) {
    const response = await someone.get(`${base}/authorize?${queryOf(cause, redirect_uri)}`)
    assert.ok(response.status < 500)
    const location = String(response.headers.location ?? '')
    if (location.startsWith(redirect_uri)) sent++
  }
  assert.ok(sent > 40, `${sent} of ${causes.length}`)
})

test('OA-8, C-21 a caller who prefers JSON gets the same refusal in JSON', async () => {
  const url = `${base}/authorize?${queryOf('', 'https://evil.example/cb')}`
  const headers = { accept: 'application/json' }
  const response = await w.serve(requestOf('GET', url, { headers }))
  assert.equal(response.status, 400)
  assert.equal(bodyOf(response).error, 'redirect_uri_mismatch')
  assert.doesNotMatch(String(response.body), /evil/)
})
