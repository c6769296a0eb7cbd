import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser } from '../../../test/browser.ts'
import {
  answerConsent,
  codeOf,
  decideByRest,
  isConsentPage,
  isLogin,
  logInAndReturn,
  person,
  redeem,
  refusedWith,
  slimUrl,
} from '../../../test/flow.ts'
import { register } from '../../../test/register.ts'
import { base, push, pushed, pushForm, world } from '../../../test/world.ts'

const w = await world()
const json = { accept: 'application/json' }
const used = 'The request_uri has been used.'

test('P-5 the same reference after the code: refused, by page and by REST', async () => {
  const p = await person(w)
  const request_uri = await pushed(w)
  const code = codeOf(await decideByRest(p, request_uri))
  refusedWith(await p.get(slimUrl(request_uri), json), 'invalid_request_uri', used)
  const form = { client_id: 'myClient', request_uri, csrf: p.session.token, decision: 'allow' }
  refusedWith(await p.post(`${base}/authorize`, form, json), 'invalid_request_uri', used)
  assert.equal((await redeem(w, code)).status, 200, 'and the code is unharmed')
  refusedWith(await p.get(slimUrl(request_uri), json), 'invalid_request_uri', used)
})

test('P-5 after access_denied: refused; after an implicit answer: refused', async () => {
  const p = await person(w)
  for (const [changes, decision] of [
    [{}, 'deny'],
    [{ response_type: 'token' }, 'allow'],
  ] as const) {
    const request_uri = await pushed(w, changes)
    await decideByRest(p, request_uri, { decision })
    refusedWith(await p.get(slimUrl(request_uri), json), 'invalid_request_uri', used)
  }
})

test('C-2b response_type=none carries neither code nor tokens: it is not spent and writes nothing', async () => {
  const p = await person(w)
  const request_uri = await pushed(w, { response_type: 'none' })
  const writes = w.records.changeCount()
  for (let i = 0; i < 3; i++) {
    const done = await p.get(slimUrl(request_uri))
    assert.equal(done.status, 302)
    assert.equal(w.records.changeCount(), writes)
  }
})

test('P-4 reload and back at every step: no dead end, one code', async () => {
  const b = browser(w)
  const url = slimUrl(await pushed(w))
  const detours = [await b.get(url), await b.get(url), await b.get(url)]
  assert.ok(detours.every(isLogin))
  const consent = await logInAndReturn(b, detours[0] as (typeof detours)[0])
  for (let i = 0; i < 3; i++) assert.ok(isConsentPage(await b.get(url)))
  const done = await answerConsent(b, consent)
  assert.equal((await redeem(w, codeOf(done))).status, 200)
  const again = await answerConsent(b, consent)
  assert.equal(again.status, 400)
  assert.match(String(again.body), /id="back"/)
})

test('P-4 two tabs: the login of one serves both, and exactly one code comes of it', async () => {
  const b = browser(w)
  const url = slimUrl(await pushed(w))
  const [one, two] = [await b.get(url), await b.get(url)]
  const consentOne = await logInAndReturn(b, one)
  const consentTwo = await logInAndReturn(b, two)
  const done = await answerConsent(b, consentTwo)
  assert.ok(codeOf(done) !== '')
  const late = await answerConsent(b, consentOne)
  assert.equal(late.status, 400)
  assert.equal(late.headers.location, undefined)
})

test('P-4 two tabs with two pushed requests: each goes its own way', async () => {
  const b = browser(w)
  const urls = [slimUrl(await pushed(w)), slimUrl(await pushed(w))]
  const [one, two] = [await b.get(urls[0] as string), await b.get(urls[1] as string)]
  const consentOne = await logInAndReturn(b, one)
  const consentTwo = await b.get(urls[1] as string)
  assert.ok(isLogin(two) && isConsentPage(consentTwo))
  const codes = [await answerConsent(b, consentTwo), await answerConsent(b, consentOne)].map(codeOf)
  assert.notEqual(codes[0], codes[1])
})

test('P-8, C-18 another client: refused in the words of the profile, and the owner can go on', async () => {
  await register(w, 'other', { core: { redirectionUris: ['https://rp.example/cb'] } })
  await register(w, 'stricter', {
    core: { redirectionUris: ['https://rp.example/cb'] },
    own: { profile: 'strict' },
  })
  const p = await person(w)
  const request_uri = await pushed(w)
  const foreign = await p.get(slimUrl(request_uri, { client_id: 'other' }), json)
  refusedWith(foreign, 'invalid_resource_uri', 'The request_uri is unknown.')
  const strict = await p.get(slimUrl(request_uri, { client_id: 'stricter' }), json)
  refusedWith(strict, 'invalid_request_uri', 'The request_uri is unknown.')
  const unknown = await p.get(slimUrl('A'.repeat(43), { client_id: 'stricter' }), json)
  assert.deepEqual([unknown.status, unknown.body], [strict.status, strict.body])
  assert.ok(codeOf(await decideByRest(p, request_uri)) !== '')
})

test('P-2 another realm, whatever the form of its path: refused, still good in its own', async () => {
  const request_uri = await pushed(w)
  const p = await person(w)
  const form = `client_id=myClient&request_uri=${encodeURIComponent(request_uri)}`
  const origin = base.slice(0, base.indexOf('/realms'))
  for (const path of [
    '/realms/root/realms/bravo/authorize?',
    '/bravo/authorize?',
    '/authorize?realm=/bravo&',
  ])
    refusedWith(await p.get(`${origin}${path}${form}`, json), 'invalid_request_uri')
  for (const path of ['/alpha/authorize?', '/authorize?realm=/alpha&'])
    assert.ok(isConsentPage(await p.get(`${origin}${path}${form}`)))
  assert.ok(codeOf(await decideByRest(p, request_uri)) !== '')
})

test('PAR-29 pushed or nothing, where the realm or the client says so', async () => {
  await register(w, 'pushes', {
    core: { redirectionUris: ['https://rp.example/cb'] },
    advanced: { require_pushed_authorization_requests: true },
  })
  const plain = pushForm({ redirect_uri: 'https://rp.example/cb', state: 's' })
  const p = await person(w)
  const query = new URLSearchParams({ client_id: 'pushes', ...plain }).toString()
  const refused = await p.get(`${base}/authorize?${query}`)
  const answer = new URL(String(refused.headers.location)).searchParams
  assert.equal(answer.get('error'), 'invalid_request')
  assert.equal(answer.get('state'), 's')
  const realm = await world({
    alpha: { advancedOAuth2Config: { requirePushedAuthorizationRequests: true } },
  })
  const unpushed = new URLSearchParams({ client_id: 'myClient', ...pushForm() }).toString()
  const inRealm = await (await person(realm)).get(`${base}/authorize?${unpushed}`)
  assert.match(String(inRealm.headers.location), /error=invalid_request/)
  assert.ok(codeOf(await decideByRest(await person(realm), await pushed(realm))) !== '')
})

test('JAR-14 references that nobody registered lead nowhere: invalid_request_uri to the user', async () => {
  const p = await person(w)
  for (const request_uri of [
    'https://rp.example/jar',
    'http://x',
    'urn:x:y',
    'urn:ietf:params:oauth:request_uri',
    'data:,x',
  ]) {
    const refused = await p.get(slimUrl(request_uri), json)
    refusedWith(refused, 'invalid_request_uri')
  }
  const object = await p.get(
    `${base}/authorize?${new URLSearchParams({ client_id: 'myClient', ...pushForm(), request: 'a.b.c' }).toString()}`,
  )
  assert.match(String(object.headers.location), /error=invalid_request_object/)
  refusedWith(await push(w, pushForm({ request: 'a.b.c' })), 'invalid_request')
})
