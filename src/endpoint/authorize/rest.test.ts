import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser } from '../../../test/browser.ts'
import type { Person } from '../../../test/flow.ts'
import { authorizeUrl, decideByRest, person, refusedWith } from '../../../test/flow.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  challenge,
  origin,
  push,
  pushed,
  requestOf,
  world,
} from '../../../test/world.ts'

const w = await world()
const issuer = encodeURIComponent(base)

test('PingAM: the demonstration by REST, byte for byte: push, login, decision, token', async () => {
  const verifier =
    '082b7ab3042995bcb3163ec83cf5f348ff4393d5713630eb5f09dcf7d0c2cca39749313556c260558eb49355ff86d0e61449'
  const form = `client_id=myClient&client_secret=mySecret&response_type=code&scope=write&code_challenge=K7Dz7AcV1urbgo4FYNgy2QAAz6v2LyIdmmGPzsFZbAc&code_challenge_method=S256&redirect_uri=${callback}`
  const par = await w.serve(requestOf('POST', `${base}/par`, { form }))
  assert.equal(par.status, 201)
  const { request_uri, expires_in, ...rest } = bodyOf(par)
  assert.deepEqual([expires_in, rest], [90, {}])
  assert.deepEqual(Object.keys(bodyOf(par)), ['request_uri', 'expires_in'])

  const b = browser(w)
  const tokenId = await b.logIn()
  const done = await b.post(
    `${base}/authorize`,
    `client_id=myClient&request_uri=${String(request_uri)}&csrf=${tokenId}&decision=allow`,
  )
  assert.equal(done.status, 302)
  assert.equal(done.body, '')
  const location = String(done.headers.location)
  const code = /[?&]code=([^&]*)/.exec(location)?.[1] ?? ''
  assert.equal(location, `${callback}?code=${code}&iss=${issuer}&client_id=myClient`)
  assert.match(code, /^[\w-]{43}$/)
  assert.equal(done.headers['cache-control'], 'no-store')
  assert.equal(done.headers.pragma, 'no-cache')
  const [parked] = [done.headers['set-cookie'] ?? []].flat()
  assert.match(String(parked), /^OAUTH_REQUEST_ATTRIBUTES=DELETED; Expires=Thu, 01 Jan 1970 /)

  const tokens = await w.serve(
    requestOf('POST', `${base}/access_token`, {
      headers: { authorization: basic() },
      form: `grant_type=authorization_code&code=${code}&redirect_uri=${callback}&code_verifier=${verifier}`,
    }),
  )
  assert.equal(tokens.status, 200)
  const { access_token, refresh_token, ...members } = bodyOf(tokens)
  assert.ok(typeof access_token === 'string' && typeof refresh_token === 'string')
  assert.deepEqual(members, { scope: 'write', token_type: 'Bearer', expires_in: 3600 })
  assert.deepEqual(Object.keys(bodyOf(tokens)), [
    'access_token',
    'refresh_token',
    'scope',
    'token_type',
    'expires_in',
  ])
})

test('PingAM: with state, in the order code, iss, state, client_id', async () => {
  const request_uri = await pushed(w, { state: 'abc123' })
  const location = String((await decideByRest(await person(w), request_uri)).headers.location)
  assert.match(
    location,
    new RegExp(`^${callback}\\?code=[\\w-]{43}&iss=${issuer}&state=abc123&client_id=myClient$`),
  )
})

test('PingAM: a request that is not pushed, by REST as frodo sends it: text not percent-encoded', async () => {
  const p = await person(w)
  const done = await p.post(
    `${base}/authorize`,
    `redirect_uri=${callback}&scope=openid&response_type=code&client_id=myClient&csrf=${p.session.token}&decision=allow&code_challenge=${challenge}&code_challenge_method=S256`,
  )
  assert.equal(done.status, 302)
  assert.match(String(done.headers.location), /\?code=[\w-]{43}&iss=[^&]*&client_id=myClient$/)
})

const answers: readonly (readonly [string, Readonly<Record<string, string>>, boolean])[] = [
  ['allow', { decision: 'allow' }, true],
  ['ALLOW in any case', { decision: 'AlLoW' }, true],
  ['deny', { decision: 'deny' }, false],
  ['any other word', { decision: 'yes' }, false],
  ['no decision at all', {}, false],
]
for (const [name, answer, allowed] of answers) {
  test(`PingAM: decision by REST: ${name}`, async () => {
    const request_uri = await pushed(w, { state: 's' })
    const p = await person(w)
    const form = { client_id: 'myClient', request_uri, csrf: p.session.token }
    const location = String(
      (await p.post(`${base}/authorize`, { ...form, ...answer })).headers.location,
    )
    if (allowed) assert.match(location, /\?code=/)
    else {
      const text = 'Resource%20Owner%20did%20not%20authorize%20the%20request'
      assert.equal(
        location,
        `${callback}?error_description=${text}&state=s&error=access_denied&iss=${issuer}`,
      )
    }
  })
}

test('C-21 a POST is answered by 302 in ping, by 303 elsewhere; a GET always by 302', async () => {
  const implied = { client_id: 'myPublicClient', response_type: 'code', scope: 'write' }
  const asked = {
    ...implied,
    redirect_uri: callback,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  for (const [profile, status] of [
    ['ping', 302],
    ['strict', 303],
  ] as const) {
    const other = await world({ alpha: { parapetConfig: { profile } } })
    const p = await person(other)
    assert.equal((await p.post(`${base}/authorize`, asked)).status, status)
    assert.equal((await p.get(authorizeUrl(asked))).status, 302)
  }
})

const wrong: readonly (readonly [string, (p: Person) => Promise<Record<string, string>>])[] = [
  ['without csrf', async () => ({ decision: 'allow' })],
  ['with a csrf that is none', async () => ({ decision: 'allow', csrf: 'x' })],
  [
    "with another session's token",
    async () => ({ decision: 'allow', csrf: (await person(w)).session.token }),
  ],
  ['to deny, without csrf', async () => ({ decision: 'deny' })],
]
for (const [name, make] of wrong) {
  test(`C-6b, B-5 a decision ${name}: 400 to the user, nothing to the client, nothing spent`, async () => {
    const p = await person(w)
    const request_uri = await pushed(w, { state: 's' })
    const form = { client_id: 'myClient', request_uri, ...(await make(p)) }
    const before = w.records.changeCount()
    const refused = await p.post(`${base}/authorize`, form, { accept: 'application/json' })
    refusedWith(refused, 'bad_request')
    assert.equal(refused.headers.location, undefined)
    assert.equal(w.records.changeCount(), before)
    assert.equal((await decideByRest(p, request_uri)).status, 302)
  })
}

test('B-5 a decision by GET, as text/plain or from another site does not count', async () => {
  const p = await person(w)
  const request_uri = await pushed(w)
  const form = { client_id: 'myClient', request_uri, csrf: p.session.token, decision: 'allow' }
  const byGet = await p.get(authorizeUrl(form))
  assert.equal(byGet.status, 200, 'the consent page')
  const plain = await p.post(`${base}/authorize`, form, { 'content-type': 'text/plain' })
  assert.equal(plain.status, 400)
  const cross = await p.post(`${base}/authorize`, form, { origin: 'https://evil.example' })
  assert.equal(cross.status, 400)
  const own = await p.post(`${base}/authorize`, form, { origin })
  assert.match(String(own.headers.location), /code=/)
})

test('C-6c outside ping the raw session token proves nothing', async () => {
  const other = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const response = await push(other, {
    response_type: 'code',
    redirect_uri: callback,
    scope: 'write',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  const request_uri = String(bodyOf(response).request_uri)
  assert.equal((await decideByRest(await person(other), request_uri)).status, 400)
})
