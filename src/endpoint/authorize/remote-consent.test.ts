import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { signer } from '../../../test/assertion.ts'
import { actionOf, browser, fieldsOf } from '../../../test/browser.ts'
import type { Person } from '../../../test/flow.ts'
import {
  answerOf,
  authorizeUrl,
  codeOf,
  decideByRest,
  isConsentPage,
  isLogin,
  person,
  redeem,
  slimUrl,
} from '../../../test/flow.ts'
import {
  agentId,
  askedOf,
  askRemotely,
  isAsked,
  post,
  responseOf,
  saveAgent,
  service,
  verified,
} from '../../../test/remote-consent.ts'
import { objectClaims, registerSigner, signed } from '../../../test/request-object.ts'
import { base, bodyOf, callback, pushed, pushForm, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
await askRemotely(w)

const unpushed = (changes = {}) => authorizeUrl({ client_id: 'myClient', ...pushForm(changes) })

async function askedFor(p: Person, url: string) {
  return askedOf(w, await p.get(url))
}

/** The description of the page on which an answer of the service is refused. */
function isRefused(response: HttpResponse): boolean {
  return response.status === 400 && String(response.body).includes('id="error_code">bad_request<')
}

test('PingAM: remote-consent users are sent to the service with a signed consent_request', async () => {
  const p = await person(w)
  const request_uri = await pushed(w, {
    scope: 'openid write',
    claims: '{"id_token":{"email":null}}',
  })
  const response = await p.get(slimUrl(request_uri))
  assert.equal(response.status, 302)
  const { csrf, ...claims } = await askedOf(w, response)
  assert.match(csrf, /^[\w-]{16}\.[0-9a-z]+\.[\w-]{43}$/)
  assert.deepEqual(claims, {
    clientId: 'myClient',
    iss: base,
    client_description: '',
    aud: agentId,
    save_consent_enabled: true,
    claims: { id_token: { email: null } },
    scopes: { openid: 'openid', write: 'Change your notes' },
    exp: w.clock.now + 180,
    iat: w.clock.now,
    client_name: 'Demo Application',
    consentApprovalRedirectUri: slimUrl(request_uri),
    username: 'demo',
  })
})

test('PingAM: remote-consent what the service answers ends in one code for the scopes it names', async () => {
  const p = await person(w)
  const asked = await askedFor(p, slimUrl(await pushed(w, { scope: 'openid write' })))
  const answer = await post(p, asked, responseOf(w, asked, { scopes: ['write'] }))
  assert.equal(answer.status, 302)
  const tokens = await redeem(w, codeOf(answer))
  assert.equal(bodyOf(tokens).scope, 'write')
  assert.equal('id_token' in bodyOf(tokens), false)
})

test('PingAM: remote-consent a consent_response of a request in the URL counts once', async () => {
  const p = await person(w)
  const asked = await askedFor(p, unpushed({ state: 'once' }))
  const token = responseOf(w, asked)
  codeOf(await post(p, asked, token))
  const again = await post(p, asked, token)
  assert.equal(again.status, 400)
  assert.equal(again.headers.location, undefined)
  // Another answer to the same question is none either.
  const other = await post(p, asked, responseOf(w, asked, { exp: w.clock.now + 200 }))
  assert.equal(other.status, 400)
})

test('PingAM: remote-consent of two answers at once one ends in a code, and of a push another one is refused', async () => {
  const p = await person(w)
  const [inUrl, push] = [unpushed({ state: 'race' }), slimUrl(await pushed(w))]
  for (const [url, others] of [
    [inUrl, {}],
    [push, { exp: w.clock.now + 200 }],
  ] as const) {
    const asked = await askedFor(p, url)
    const tokens = [responseOf(w, asked), responseOf(w, asked, others)]
    const both = await Promise.all(tokens.map((token) => post(p, asked, token)))
    assert.deepEqual(both.map(({ status }) => status).sort(), [302, 400])
  }
})

test('PingAM: remote-consent two tabs are asked for one push, and one answer of both ends in a code', async () => {
  const p = await person(w)
  const url = slimUrl(await pushed(w))
  const [one, two] = [await askedFor(p, url), await askedFor(p, url)]
  assert.notEqual(one.csrf, two.csrf)
  codeOf(await post(p, two, responseOf(w, two)))
  assert.equal((await post(p, one, responseOf(w, one))).status, 400)
})

test('RFC 6749 §4.1.2.1 a user who says no at the service spends the push, and the client is told', async () => {
  const p = await person(w)
  const no = { decision: false, scopes: [] }
  for (const url of [slimUrl(await pushed(w)), unpushed({ state: 'no' })]) {
    const asked = await askedFor(p, url)
    const answer = answerOf(await post(p, asked, responseOf(w, asked, no)))
    assert.equal(answer.get('error'), 'access_denied')
    assert.equal((await post(p, asked, responseOf(w, asked))).status, 400)
  }
})

test('C-6c the answer belongs to the session, the request and the client that it was asked for', async () => {
  const p = await person(w)
  const asked = await askedFor(p, slimUrl(await pushed(w)))
  const token = responseOf(w, asked)
  const other = await person(w)
  const mine = await askedFor(other, slimUrl(await pushed(w)))
  assert.ok(isRefused(await post(other, mine, token)), 'another session, another request')
  const second = await askedFor(p, slimUrl(await pushed(w)))
  assert.ok(isRefused(await post(p, second, token)), 'the same session, another request')
  assert.ok(isRefused(await post(browser(w), { ...asked, ...unheld }, token)), 'nobody')
  codeOf(await post(p, asked, token))
})

/** A request that no browser holds yet. */
const unheld = { consentApprovalRedirectUri: unpushed({ state: 'unheld' }) }

test('C-6c where a service asks, no decision counts that it did not send: posted, by REST or pushed', async () => {
  const p = await person(w)
  const request_uri = await pushed(w)
  assert.ok(isRefused(await decideByRest(p, request_uri)))
  assert.ok(isAsked(await p.get(slimUrl(request_uri))), 'the push is not spent')
  const decided = { csrf: p.session.token, decision: 'allow' }
  assert.ok(isAsked(await p.get(slimUrl(await pushed(w, decided)))), 'a pushed one is passed over')
})

test('PingAM: remote-consent prompt, implied consent and consent that is saved mean what they mean at the page', async () => {
  const own = await world()
  await askRemotely(own)
  const p = await person(own)
  const none = await p.get(slimUrl(await pushed(own, { prompt: 'none' })))
  assert.equal(answerOf(none).get('error'), 'consent_required')
  const asked = await askedOf(own, await p.get(slimUrl(await pushed(own))))
  assert.equal(asked.save_consent_enabled, true)
  codeOf(await post(p, asked, responseOf(own, asked)))
  const second = await askedOf(own, await p.get(slimUrl(await pushed(own))))
  codeOf(await post(p, second, responseOf(own, second, { save_consent: true })))
  codeOf(await p.get(slimUrl(await pushed(own, { prompt: 'none' }))))
  const forced = await p.get(slimUrl(await pushed(own, { prompt: 'consent' })))
  assert.ok(isAsked(forced))
  // What was saved is what was allowed, not what was asked.
  const more = await askedOf(
    own,
    await p.get(slimUrl(await pushed(own, { scope: 'openid write' }))),
  )
  const fewer = { scopes: ['write'], save_consent: true }
  codeOf(await post(p, more, responseOf(own, more, fewer)))
  assert.ok(isAsked(await p.get(slimUrl(await pushed(own, { scope: 'openid write' })))))
})

test('C-37 an answer that comes once more after the consent was taken back saves nothing again', async () => {
  const own = await world()
  await askRemotely(own)
  const p = await person(own)
  const asked = await askedOf(own, await p.get(unpushed()))
  const token = responseOf(own, asked, { save_consent: true })
  codeOf(await post(p, asked, token))
  const keys = await own.settings.list(`consent/%2Falpha/${own.demo.sub}`, 10)
  for (const key of keys.keys) await own.settings.delete(key)
  assert.equal(keys.keys.length, 1)
  assert.equal((await post(p, asked, token)).status, 400)
  assert.ok(isAsked(await p.get(unpushed())))
})

test('PingAM: remote-consent the claims the service leaves out are not handed out', async () => {
  const p = await person(w)
  const claims =
    '{"id_token":{"email":null,"phone_number":{"essential":true}},"userinfo":{"name":null}}'
  const url = async () => slimUrl(await pushed(w, { scope: 'openid', claims }))
  const asked = await askedFor(p, await url())
  const fewer = { id_token: { email: null } }
  const answer = await post(p, asked, responseOf(w, asked, { claims: fewer }))
  const { id_token } = bodyOf(await redeem(w, codeOf(answer)))
  const told = JSON.parse(Buffer.from(String(id_token).split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual([told.email, told.phone_number], ['demo@example.com', undefined])
  const other = await askedFor(p, await url())
  const more = { id_token: { address: null } }
  assert.ok(isRefused(await post(p, other, responseOf(w, other, { claims: more }))))
})

test('PingAM: remote-consent an answer from a page of another site is posted once more, with the cookies of this one', async () => {
  const p = await person(w)
  const asked = await askedFor(p, slimUrl(await pushed(w, { state: 'x' })))
  const stranger = browser(w)
  const form = { consent_response: responseOf(w, asked) }
  const page = await stranger.post(asked.consentApprovalRedirectUri, form, {
    origin: 'https://consent.example',
  })
  assert.equal(page.status, 200)
  assert.equal(actionOf(page), asked.consentApprovalRedirectUri)
  codeOf(await p.post(actionOf(page), fieldsOf(page), { origin: 'null' }))
})

test('PingAM: remote-consent a login on the way is followed by the service, and its answer by a code', async () => {
  const b = browser(w)
  const url = slimUrl(await pushed(w, { prompt: 'login' }))
  assert.ok(isLogin(await b.get(url)))
  w.clock.now += 1
  const p = await person(w, { at: b })
  const asked = await askedFor(p, url)
  codeOf(await post(p, asked, responseOf(w, asked)))
})

test('PingAM: remote-consent consent_request is posted by a form where the agent says so', async () => {
  const own = await world()
  await askRemotely(own, { remoteConsentRequestMode: 'form_post', requestTimeLimit: 60 })
  const p = await person(own)
  const page = await p.get(slimUrl(await pushed(own, { ui_locales: 'de' })))
  assert.match(String(page.body), /<html lang="de">/)
  assert.equal(actionOf(page), service)
  assert.match(String(page.headers['content-security-policy']), /form-action 'self' https:/)
  const asked = await verified(own, String(fieldsOf(page).consent_request))
  assert.equal(asked.exp, own.clock.now + 60)
  codeOf(await post(p, asked, responseOf(own, asked)))
})

test('RFC 9101 §5.1 of a request object in the URL, and of a posted request, the way back is a URL that means the same', async () => {
  const key = await signer('ES256')
  await registerSigner(w, 'signs', [key])
  const p = await person(w)
  const request = signed(key, objectClaims(w, 'signs', { state: 'inside' }))
  const byValue = await askedFor(p, authorizeUrl({ client_id: 'signs', request }))
  assert.match(byValue.consentApprovalRedirectUri, /[?&]request_uri=urn/)
  assert.equal(answerOf(await post(p, byValue, responseOf(w, byValue))).get('state'), 'inside')
  const form = { client_id: 'myClient', ...pushForm({ state: 'posted' }) }
  const sent = await p.post(`${base}/authorize`, form)
  assert.equal(sent.status, 303)
  const posted = await askedOf(w, sent)
  assert.equal(posted.consentApprovalRedirectUri, authorizeUrl(form))
  assert.equal(answerOf(await post(p, posted, responseOf(w, posted))).get('state'), 'posted')
})

test('C-6 of the answer only the body counts: not in a query, and nothing beside it that decides', async () => {
  const p = await person(w)
  const asked = await askedFor(p, slimUrl(await pushed(w)))
  const token = responseOf(w, asked)
  const inQuery = `${asked.consentApprovalRedirectUri}&consent_response=${token}`
  assert.ok(isAsked(await p.get(inQuery)))
  const more = `${asked.consentApprovalRedirectUri}&decision=allow&csrf=${p.session.token}`
  const answer = await p.post(more, { consent_response: token, scope: 'openid', client_id: 'x' })
  assert.equal(bodyOf(await redeem(w, codeOf(answer))).scope, 'write')
})

test('RFC 6749 §4.1.2.1 without a service that can be asked the client gets server_error, and nothing is spent', async () => {
  const own = await world()
  await askRemotely(own, { remoteConsentRedirectUrl: '' })
  const p = await person(own)
  const request_uri = await pushed(own, { state: 'kept' })
  const answer = await p.get(slimUrl(request_uri))
  assert.deepEqual(
    [answer.headers.location?.toString().split('?')[0], answerOf(answer).get('error')],
    [callback, 'server_error'],
  )
  await saveAgent(own)
  assert.ok(isAsked(await p.get(slimUrl(request_uri))))
})

test('PingAM: remote-consent a client with overrides has a service, or a page, of its own', async () => {
  const own = await world()
  await askRemotely(own)
  const p = await person(own)
  const overriding = (overrides: object) =>
    amend(own, 'myClient', {
      overrideOAuth2ClientConfig: { providerOverridesEnabled: true, ...overrides },
    })
  await overriding({ enableRemoteConsent: false })
  assert.ok(isConsentPage(await p.get(slimUrl(await pushed(own)))))
  await saveAgent(own, { remoteConsentRedirectUrl: 'https://own.example/' }, 'its own')
  await overriding({ enableRemoteConsent: true, remoteConsentServiceId: 'its own' })
  const { location } = (await p.get(slimUrl(await pushed(own)))).headers
  assert.match(String(location), /^https:\/\/own\.example\/\?consent_request=/)
})
