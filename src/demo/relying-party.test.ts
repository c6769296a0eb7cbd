import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { altered } from '../../test/altered.ts'
import {
  answerTo,
  baseUrl,
  call,
  chosen,
  endpoints,
  idToken,
  issuer,
  now,
  type Peer,
  pushed,
} from '../../test/demo-peer.ts'
import { byId, visibleText } from '../../test/html-tree.ts'
import { encodeForm } from '../base/form.ts'
import type { HttpRequest } from '../base/http.ts'
import { random } from '../base/random.ts'
import { halfHash } from '../jose/hash.ts'
import type { Realm } from '../realm/realm.ts'

test('RFC 9126 §2.1 the push carries the chosen parameters, fresh values and the client’s secret', async () => {
  const { peer, page } = await pushed()
  const body = peer.sent.get('/par')
  assert.deepEqual(
    [...(body?.keys() ?? [])],
    [
      ...['response_type', 'scope', 'redirect_uri', 'state', 'nonce'],
      ...['code_challenge', 'code_challenge_method'],
    ],
  )
  assert.equal(body?.get('redirect_uri'), `${baseUrl}/demo/callback`)
  const basic = `Basic ${Buffer.from('myClient:mySecret').toString('base64')}`
  assert.equal(peer.headers.get('/par')?.get('authorization'), basic)
  const link = byId(page, 'continue')?.attributes.get('href')
  const request_uri = encodeURIComponent('urn:ietf:params:oauth:request_uri:x')
  assert.equal(link, `${issuer}/authorize?client_id=myClient&request_uri=${request_uri}`)
})

test('RFC 6749 §2.3.1 the public client sends its name and no secret', async () => {
  const { peer } = await pushed(chosen.replace('myClient', 'myPublicClient'))
  assert.equal(peer.sent.get('/par')?.get('client_id'), 'myPublicClient')
  assert.equal(peer.headers.get('/par')?.get('authorization'), null)
})

test('the flow’s cookie says nothing, and only to this path', async () => {
  const { peer, response, cookie } = await pushed()
  assert.match(String(response.headers['set-cookie']), /; Path=\/demo; HttpOnly; SameSite=Lax$/)
  const plain = Buffer.from(cookie.split('=')[1] ?? '', 'base64url').toString('latin1')
  for (const value of peer.sent.get('/par')?.values() ?? []) assert.ok(!plain.includes(value))
})

for (const [mode, method] of [
  ['query', 'GET'],
  ['form_post', 'POST'],
] as const) {
  test(`OIDC Core §3.1.3.7 a code by ${mode} ends in verified tokens and claims`, async () => {
    const { peer, realm, cookie } = await pushed()
    const end = await call(realm, method, '/demo/callback', answerTo(peer), cookie)
    const page = String(end.body)
    assert.equal(byId(page, 'result')?.attributes.get('class'), 'notice', visibleText(page))
    const token = peer.sent.get('/access_token')
    const challenge = peer.sent.get('/par')?.get('code_challenge')
    assert.equal(hash('sha256', token?.get('code_verifier') ?? '', 'base64url'), challenge)
    assert.ok(visibleText(page).includes('"sub": "u1"'))
    assert.ok(visibleText(page).includes('"name": "<b>Dana</b>"'))
    assert.match(String(end.headers['set-cookie']), /^parapet_demo=; Max-Age=0;/)
    assert.ok(byId(page, 'logout_form'))
  })
}

test('OIDC Core §3.3.2 an answer in the fragment is passed on by script and checked like any other', async () => {
  const form = chosen.replace('=code', `=${encodeURIComponent('code id_token')}`)
  const { peer, realm, cookie } = await pushed(form)
  const empty = await call(realm, 'GET', '/demo/callback', '', cookie)
  assert.match(String(empty.headers['content-security-policy']), /script-src 'self'/)
  assert.ok(byId(String(empty.body), 'fragment'))
  const id_token = idToken(peer, { c_hash: halfHash('ES256', 'c') })
  const fragment = encodeForm([['fragment', answerTo(peer, { id_token })]])
  const end = await call(realm, 'POST', '/demo/callback', fragment, cookie)
  assert.equal(byId(String(end.body), 'result')?.attributes.get('class'), 'notice')
})

test('OIDC Core §3.3.2.11 a code that the ID token beside it does not vouch for is not sent anywhere', async () => {
  for (const c_hash of [undefined, halfHash('ES256', 'other')]) {
    const { peer, realm, cookie } = await pushed(chosen.replace('=code', '=code+id_token'))
    const id_token = idToken(peer, { c_hash })
    const end = await call(realm, 'POST', '/demo/callback', answerTo(peer, { id_token }), cookie)
    assert.ok(visibleText(String(end.body)).includes('c_hash does not fit'))
    assert.equal(peer.sent.has('/access_token'), false)
  }
})

test('OIDC Core §3.1.3.7 an ID token by another key is not believed', async () => {
  const { peer, realm, cookie } = await pushed(chosen.replace('=code', '=id_token'))
  const [head, body, signature = ''] = idToken(peer, {}).split('.')
  const id_token = [head, body, altered(signature)].join('.')
  const end = await call(realm, 'POST', '/demo/callback', answerTo(peer, { id_token }), cookie)
  assert.ok(visibleText(String(end.body)).includes('the signature is wrong'))
})

const wrong: [name: string, bend: (peer: Peer) => Record<string, string>, says: string][] = [
  ['RFC 6749 §10.12 another state', () => ({ state: 'x' }), 'state is another'],
  ['RFC 9207 §2.4 another iss', () => ({ iss: 'https://evil.example' }), 'iss is not the server'],
  ['RFC 6749 §4.1.2.1 an error', () => ({ error: 'access_denied' }), 'answered access_denied'],
]
for (const [name, bend, says] of wrong) {
  test(`${name} ends the flow before the code is sent anywhere`, async () => {
    const { peer, realm, cookie } = await pushed()
    const end = await call(realm, 'GET', '/demo/callback', answerTo(peer, bend(peer)), cookie)
    assert.equal(byId(String(end.body), 'result')?.attributes.get('class'), 'notice error')
    assert.ok(visibleText(String(end.body)).includes(says))
    assert.equal(peer.sent.has('/access_token'), false)
  })
}

const responses: [name: string, claims: Record<string, unknown>, says: string | undefined][] = [
  ['good', {}, undefined],
  ['for another client', { aud: 'other' }, 'aud is somebody else'],
  ['of another issuer', { iss: 'https://evil.example' }, 'iss is somebody else'],
  ['old', { exp: now - 31 }, 'exp has passed'],
  ['of another state', { state: 'x' }, 'state is another'],
]
for (const [name, claims, says] of responses) {
  test(`JARM-6 an answer in a JWT that is ${name}: ${says ?? 'its code is redeemed'}`, async () => {
    const { peer, realm, cookie } = await pushed(`${chosen}&response_mode=jwt`)
    assert.equal(peer.sent.get('/par')?.get('response_mode'), 'jwt')
    const state = peer.sent.get('/par')?.get('state')
    const response = idToken(peer, { nonce: undefined, code: 'c', state, ...claims })
    const end = await call(realm, 'GET', '/demo/callback', `response=${response}`, cookie)
    const page = String(end.body)
    assert.equal(peer.sent.has('/access_token'), says === undefined, visibleText(page))
    if (says !== undefined) assert.ok(visibleText(page).includes(says), visibleText(page))
  })
}

const bent: [name: string, claims: Record<string, unknown>, says: string][] = [
  ['aud', { aud: 'other' }, 'aud is somebody else'],
  ['iss', { iss: 'https://evil.example' }, 'iss is somebody else'],
  ['exp', { exp: now - 31 }, 'exp has passed'],
  ['nonce', { nonce: 'x' }, 'nonce is another'],
  ['at_hash', { at_hash: 'x' }, 'at_hash does not fit'],
]
for (const [name, claims, says] of bent) {
  test(`OIDC Core §3.1.3.7 an ID token with a wrong ${name} is not believed`, async () => {
    const { peer, realm, cookie } = await pushed()
    peer.claims = claims
    const end = await call(realm, 'GET', '/demo/callback', answerTo(peer), cookie)
    assert.equal(byId(String(end.body), 'result')?.attributes.get('class'), 'notice error')
    assert.ok(visibleText(String(end.body)).includes(says))
    assert.equal(peer.sent.has('/userinfo'), false)
  })
}

test('OIDC Core §5.3.4 claims about somebody else are not believed', async () => {
  const { peer, realm, cookie } = await pushed()
  peer.sub = 'u2'
  const end = await call(realm, 'GET', '/demo/callback', answerTo(peer), cookie)
  assert.ok(visibleText(String(end.body)).includes('sub is not the one of the ID token'))
})

test('an answer without this browser’s flow does nothing', async () => {
  const { peer, realm, cookie } = await pushed()
  const changed = altered(cookie, -2)
  for (const sent of [undefined, changed, `${cookie}; ${cookie}`, 'parapet_demo=x']) {
    const end = await call(realm, 'GET', '/demo/callback', answerTo(peer), sent)
    assert.ok(visibleText(String(end.body)).includes('no request under way'))
  }
  const later = { ...realm, now: () => now + 1801 }
  const end = await call(later, 'GET', '/demo/callback', answerTo(peer), cookie)
  assert.ok(visibleText(String(end.body)).includes('no request under way'))
  assert.equal(peer.sent.has('/access_token'), false)
})

test('a server that cannot be reached is told, not thrown', async () => {
  const fetchIt = () =>
    Promise.reject(new TypeError('fetch failed', { cause: new Error('refused') }))
  const realm = { now: () => now, random, fetch: fetchIt } as unknown as Realm
  const response = await call(realm, 'POST', '/demo/push', chosen)
  assert.ok(visibleText(String(response.body)).includes('no answer: refused'))
})

test('a choice the page does not offer becomes the first one', async () => {
  const { peer } = await pushed(`${chosen.replace('=code', '=x')}&prompt=x&client_secret=y`)
  const sent = peer.sent.get('/par')
  assert.equal(sent?.get('response_type'), 'code')
  assert.equal(sent?.has('prompt') || sent?.has('client_secret'), false)
})

test('a visitor at another name of the server moves to the one the client is registered for', async () => {
  const http = { origin: 'http://127.0.0.1:8080' } as HttpRequest
  const moved = await endpoints[0]?.handle({} as Realm, http)
  assert.equal(moved?.headers.location, `${baseUrl}/demo`)
})

test('X-2 what is offered to be pasted into a shell is never the text of an address', async () => {
  const rows: [query: string, command: RegExp | undefined][] = [
    [
      'code=abc-_1&iss=http://evil.example/$(id)&client_id=nobody',
      /^curl -u myClient:mySecret http:\/\/localhost:8080\/am\/oauth2\/realms\/root\/realms\/alpha\/access_token /,
    ],
    [
      `code=abc&iss=${encodeURIComponent(`${baseUrl}/am/oauth2/realms/root/realms/bravo`)}`,
      /\/realms\/bravo\/access_token /,
    ],
    [
      'code=abc&client_id=myPublicClient',
      /^curl http:\S+ \\\n {2}--data-urlencode 'client_id=myPublicClient'/,
    ],
    ["code=a'%3Bid%3B'", undefined],
    ['code=%24(id)', undefined],
    ['code=a%0Aid', undefined],
    ['access_token=x', undefined],
    ["error=x'%3Bid", undefined],
  ]
  for (const [query, command] of rows) {
    const end = await call({ now: () => now } as Realm, 'GET', '/demo/callback', query)
    const [, shown] = /<pre id="redeem">([^<]*)<\/pre>/.exec(String(end.body)) ?? []
    const text = shown?.replaceAll('&#39;', "'")
    assert.doesNotMatch(text ?? '', /evil|nobody|\$|;|\bid\b/)
    if (command === undefined) assert.equal(text, undefined, query)
    else assert.match(text ?? '', command)
    assert.ok(byId(String(end.body), 'result'))
  }
})
