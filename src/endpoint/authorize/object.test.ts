import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { signer } from '../../../test/assertion.ts'
import { browser, locationOf } from '../../../test/browser.ts'
import {
  answerConsent,
  answerOf,
  authorizeUrl,
  codeOf,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  refusedWith,
  tokenRequest,
} from '../../../test/flow.ts'
import { redirect_uri, secret } from '../../../test/register.ts'
import type { Claims } from '../../../test/request-object.ts'
import { objectClaims, registerSigner, sealed, signed } from '../../../test/request-object.ts'
import { encode } from '../../../test/token.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, verifier, world } from '../../../test/world.ts'

const es256 = await signer('ES256')
const implied = { advanced: { isConsentImplied: true } }
const json = { accept: 'application/json' }

async function realmOf(options?: Parameters<typeof world>[0]): Promise<World> {
  const w = await world(options)
  await registerSigner(w, 'signs', [es256], implied)
  await registerSigner(w, 'asks', [es256])
  return w
}

const w = await realmOf()

function object(changes: Claims = {}, client_id = 'signs', at = w): string {
  return signed(es256, objectClaims(at, client_id, changes))
}

function slim(request: string, beside: Readonly<Record<string, string>> = {}): string {
  return authorizeUrl({ client_id: 'signs', ...beside, request })
}

test('RFC 9101 §5.1 an object by value: login, consent, code, tokens; the login knows nothing of it', async () => {
  const b = browser(w)
  const request = object({ state: 'inside', nonce: 'n1', login_hint: 'who' }, 'asks')
  const detour = await b.get(authorizeUrl({ client_id: 'asks', request }))
  assert.ok(isLogin(detour))
  const way = new URL(locationOf(detour).searchParams.get('goto') as string)
  assert.deepEqual([...way.searchParams.keys()], ['client_id', 'request_uri'], 'C-33')
  const page = await logInAndReturn(b, detour)
  assert.ok(isConsentPage(page))
  const done = await answerConsent(b, page)
  assert.equal(answerOf(done).get('state'), 'inside')
  const form = { grant_type: 'authorization_code', code: codeOf(done), redirect_uri }
  const authorization = basic('asks', secret)
  const tokens = await tokenRequest(w, { ...form, code_verifier: verifier }, { authorization })
  assert.equal(tokens.status, 200, String(tokens.body))
})

test('C-35, P-4 one object is one authorization: reloading goes on with it, and its jti is spent by it', async () => {
  const request = object({ jti: 'by value' })
  const b = browser(w)
  assert.ok(isLogin(await b.get(slim(request))))
  const stamp = w.records.changeCount()
  assert.ok(isLogin(await b.get(slim(request))), 'again')
  assert.equal(w.records.changeCount(), stamp, 'nothing more is stored')
  const p = await person(w, { at: b })
  assert.ok(codeOf(await p.get(slim(request))))
  refusedWith(await p.get(slim(request), json), 'invalid_request_uri')
  const twin = object({ jti: 'by value', state: 'other' })
  const told = answerOf(await p.get(slim(twin)))
  assert.deepEqual([told.get('error'), told.get('state')], ['invalid_request_object', 'other'])
  const pushed = await p.get(slim(object({ state: 'no jti' })))
  assert.ok(codeOf(pushed))
})

test('C-35, T-1 of 32 visits at once with one object one gets a code', async () => {
  const p = await person(w)
  for (const jti of ['race', undefined]) {
    const url = slim(object({ jti, state: `race ${jti}` }))
    const answers = await Promise.all(Array.from({ length: 32 }, () => p.get(url, json)))
    const codes = answers.filter(({ status }) => status === 302)
    assert.equal(codes.length, 1, `${jti}`)
    for (const answer of answers) {
      if (answer.status !== 302) refusedWith(answer, 'invalid_request_uri')
    }
  }
})

test('H-8, P-17 the same object over and over is one record, whoever brings it', async () => {
  const request = object({ state: 'flood', exp: undefined })
  await browser(w).get(slim(request))
  const stamp = w.records.changeCount()
  for (let i = 0; i < 50; i++) await browser(w).get(slim(request))
  assert.equal(w.records.changeCount(), stamp)
})

test('JAR-7 what stands beside the object does not count', async () => {
  const p = await person(w)
  const beside = {
    response_type: 'id_token',
    redirect_uri: 'https://rp.example/cb',
    scope: 'write',
    state: 'outside',
    nonce: 'outside',
    response_mode: 'form_post',
    prompt: 'none',
    code_challenge: 'x',
  }
  const answer = await p.get(slim(object(), beside))
  assert.equal(answerOf(answer).get('state'), null)
  assert.ok(codeOf(answer))
  const inside = slim(object({ prompt: 'login' }), { prompt: 'none' })
  assert.ok(isLogin(await p.get(inside)))
})

test('JAR-18, PAR-29 where requests must be pushed an object by value is refused', async () => {
  const own = await realmOf()
  await amend(own, 'signs', {
    advancedOAuth2ClientConfig: { require_pushed_authorization_requests: true },
  })
  const p = await person(own)
  const request = object({}, 'signs', own)
  refusedWith(await p.get(slim(request), json), 'invalid_request')
  const told = await p.get(slim(request, { redirect_uri, state: 's' }))
  assert.equal(answerOf(told).get('error'), 'invalid_request')
})

test('JAR-18 where a signed object is required one is enough, and nothing beside it counts', async () => {
  const own = await realmOf({ alpha: { parapetConfig: { requireSignedRequestObject: true } } })
  const p = await person(own)
  const request = object({ scope: 'openid' }, 'signs', own)
  const beside = { response_type: 'code', scope: 'openid', state: 'outside' }
  const answer = await p.get(slim(request, beside))
  assert.ok(codeOf(answer))
  assert.equal(answerOf(answer).get('state'), null)
})

const openid = { response_type: 'code', scope: 'openid' }

interface Processing {
  readonly name: string
  readonly realm: Readonly<Record<string, string | boolean>>
  readonly own?: Readonly<Record<string, string | boolean>>
  readonly beside: Readonly<Record<string, string>>
  readonly inside?: Claims
  /** The `state` outside counts, or not, or the error. */
  readonly merged: boolean | string
}

const jar = { requestObjectProcessing: 'JAR' }
const enforced = { requestObjectProcessingEnforced: true }

/** PingAM: oauth2-parameters, the four combinations; and what OIDC Core §6.1 asks. */
const rules: readonly Processing[] = [
  { name: 'OIDC, not enforced, with its parameters', realm: {}, beside: openid, merged: true },
  { name: 'OIDC, not enforced, without', realm: {}, beside: {}, merged: false },
  {
    name: 'OIDC, no scope openid',
    realm: {},
    beside: { ...openid, scope: 'write' },
    merged: false,
  },
  { name: 'OIDC, no response_type', realm: {}, beside: { scope: 'openid' }, merged: false },
  { name: 'OIDC, enforced', realm: {}, own: enforced, beside: openid, merged: true },
  {
    name: 'OIDC, enforced, without',
    realm: {},
    own: enforced,
    beside: {},
    merged: 'invalid_request',
  },
  {
    name: 'OIDC, enforced, openid only inside',
    realm: {},
    own: enforced,
    beside: { response_type: 'code' },
    merged: 'invalid_request',
  },
  { name: 'JAR', realm: jar, beside: openid, merged: false },
  { name: 'JAR, enforced', realm: jar, own: enforced, beside: openid, merged: false },
  { name: 'strict', realm: {}, own: { profile: 'strict' }, beside: openid, merged: false },
  {
    name: 'another response_type outside',
    realm: {},
    beside: { ...openid, response_type: 'code id_token' },
    merged: 'invalid_request_object',
  },
]

for (const { name, realm, own = {}, beside, merged } of rules) {
  test(`PingAM: oauth2-parameters, OIDC-36, OIDC-38 ${name}: ${merged}`, async () => {
    const at = await realmOf({ alpha: { advancedOAuth2Config: realm, parapetConfig: own } })
    const p = await person(at)
    const request = object({ scope: 'openid', aud: base }, 'signs', at)
    const url = slim(request, { redirect_uri, state: 'outside', ...beside })
    const answer = await p.get(url, json)
    if (typeof merged === 'string') refusedWith(answer, merged)
    else {
      assert.ok(codeOf(answer))
      assert.equal(answerOf(answer).get('state'), merged ? 'outside' : null)
    }
  })
}

test('OIDC-38 the object wins over what stands beside it', async () => {
  const p = await person(w)
  const request = object({ scope: 'openid', state: 'inside' })
  const answer = await p.get(slim(request, { ...openid, state: 'outside', max_age: '0' }))
  assert.ok(isLogin(answer), 'max_age was not in the object')
  const twice = { ...openid, state: 'outside', redirect_uri: 'https://evil.example/' }
  const same = await p.get(slim(object({ scope: 'openid', state: 'inside' }), twice))
  assert.equal(answerOf(same).get('state'), 'inside')
})

test('R-7, JAR-13 a bad object never leads anywhere but to a registered address that stands beside it', async () => {
  const p = await person(w)
  const stranger = await signer('ES256')
  const bad = [
    'a.b.c',
    signed(stranger, objectClaims(w, 'signs')),
    object({ exp: w.clock.now - 60 }),
    object({ client_id: 'asks' }),
    await sealed(w, JSON.stringify(objectClaims(w, 'signs')), 'RSA-OAEP-256', 'A256GCM'),
  ]
  for (const request of bad) {
    const p = await person(w)
    const page = await p.get(slim(request))
    assert.equal(page.status, 400)
    assert.match(String(page.body), /invalid_request_object/)
    assert.equal(page.headers.location, undefined)
    refusedWith(await p.get(slim(request), json), 'invalid_request_object')
    const told = answerOf(await p.get(slim(request, { redirect_uri, state: 's' })))
    assert.deepEqual([told.get('error'), told.get('state')], ['invalid_request_object', 's'])
    const evil = await p.get(slim(request, { redirect_uri: 'https://evil.example/' }), json)
    refusedWith(evil, 'redirect_uri_mismatch')
  }
  const elsewhere = object({ redirect_uri: 'https://evil.example/' })
  for (const beside of [{}, { redirect_uri }]) {
    refusedWith(await p.get(slim(elsewhere, beside), json), 'redirect_uri_mismatch')
  }
  const scope = await p.get(slim(object({ scope: 'unheard', state: 'inside' })))
  const told = answerOf(scope)
  assert.deepEqual([told.get('error'), told.get('state')], ['invalid_scope', 'inside'])
})

test('OIDC-35 a plainly unsigned object is request_not_supported, and anything like it is invalid', async () => {
  const p = await person(w)
  const claims = objectClaims(w, 'signs')
  const unsigned = `${encode({ alg: 'none' })}.${encode(claims)}.`
  const told = answerOf(await p.get(slim(unsigned, { redirect_uri, state: 's' })))
  assert.deepEqual([told.get('error'), told.get('state')], ['request_not_supported', 's'])
  refusedWith(await p.get(slim(unsigned), json), 'request_not_supported')
  for (const like of [`${unsigned}AAAA`, `${encode({ alg: 'None' })}.${encode(claims)}.`]) {
    refusedWith(await p.get(slim(like), json), 'invalid_request_object')
  }
})

test('JAR-4, C-6b encrypted, by POST, and decided by REST in one step', async () => {
  const p = await person(w)
  const claims = objectClaims(w, 'asks', { decision: 'allow', csrf: p.session.token })
  const request = await sealed(w, signed(es256, claims), 'ECDH-ES', 'A256GCM')
  const url = `${base}/authorize`
  assert.ok(isConsentPage(await p.post(url, { client_id: 'asks', request })), 'C-6')
  const answer = { csrf: p.session.token, decision: 'allow' }
  const done = await p.post(url, { client_id: 'asks', request, ...answer })
  assert.ok(codeOf(done))
})

test('JAR-5 request and request_uri exclude each other; JAR-6 client_id stands outside', async () => {
  const p = await person(w)
  const both = slim(object(), { request_uri: 'https://rp.example/object' })
  refusedWith(await p.get(both, json), 'invalid_request')
  refusedWith(await p.get(authorizeUrl({ request: object() }), json), 'invalid_request')
  refusedWith(await p.get(slim(object({}, 'asks')), json), 'invalid_request_object')
})

test('C-2b HEAD and prefetch store nothing', async () => {
  const url = slim(object({ jti: 'prefetched' }))
  const stamp = w.records.changeCount()
  const headers = { 'sec-purpose': 'prefetch' }
  await browser(w).get(url, headers)
  assert.equal(w.records.changeCount(), stamp)
  assert.ok(codeOf(await (await person(w)).get(url)))
})

test('P-11 what changed between visit and answer counts, the signature’s key too', async () => {
  const own = await realmOf()
  const b = browser(own)
  const detour = await b.get(slim(object({}, 'signs', own)))
  const other = await signer('ES256')
  const jwkSet = JSON.stringify({ keys: [other.jwk] })
  await amend(own, 'signs', { signEncOAuth2ClientConfig: { jwkSet } })
  const back = await logInAndReturn(b, detour)
  assert.equal(answerOf(back).get('error'), 'invalid_request_object')
})
