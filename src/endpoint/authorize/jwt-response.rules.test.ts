import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { amend, amendRealm } from '../../../test/amend.ts'
import {
  answered,
  made,
  openedAnswer,
  privateJwks,
  registerReader,
  responseIn,
  usual,
} from '../../../test/answer-jwt.ts'
import { signer } from '../../../test/assertion.ts'
import { browser } from '../../../test/browser.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  answerConsent,
  answerOf,
  authorizeUrl,
  person,
  refusedWith,
  slimUrl,
} from '../../../test/flow.ts'
import { elements } from '../../../test/html-tree.ts'
import { postAs, redirect_uri, register, secret } from '../../../test/register.ts'
import { objectClaims, signed } from '../../../test/request-object.ts'
import { base, basic, bodyOf, pushForm, requestOf, verifier, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { publicJwk } from '../../jose/jwk.ts'
import { answerSignatures } from '../../protocol/value/algorithm.ts'

const w = await world()
const client_id = 'reader'
const implied = { advanced: { isConsentImplied: true } }
await registerReader(w, client_id, implied)
const p = await person(w)

test('JARM-2, FMS-6 errors of every step come in the JWT, to the same place, with state and no other iss', async () => {
  await register(w, 'asks')
  const ask = (changes: Changes): Changes => ({
    ...usual,
    client_id: 'asks',
    response_mode: 'jwt',
    ...changes,
  })
  const denied = async (): Promise<HttpResponse> => {
    const page = await p.get(authorizeUrl(pushForm(ask({ prompt: 'consent' }))))
    return answerConsent(p, page, 'deny')
  }
  const unpushed = (changes: Changes) => () => p.get(authorizeUrl(pushForm(ask(changes))))
  const errors: readonly (readonly [string, () => Promise<HttpResponse>, string])[] = [
    ['access_denied', denied, 'query'],
    ['consent_required', unpushed({ prompt: 'none' }), 'query'],
    ['invalid_scope', unpushed({ scope: 'nope' }), 'query'],
    ['invalid_request', unpushed({ code_challenge: undefined }), 'query'],
    ['unsupported_response_type', unpushed({ response_type: 'x' }), 'query'],
    ['invalid_request', unpushed({ response_type: 'id_token', nonce: undefined }), 'fragment'],
    ['invalid_request', unpushed({ state: 's~._-', max_age: 'x' }), 'query'],
  ]
  for (const [error, act, place] of errors) {
    const answer = responseIn(await act())
    const { claims } = await openedAnswer(w, 'asks', answer.response)
    assert.deepEqual([answer.place, claims.error, claims.state], [place, error, 's~._-'])
    assert.deepEqual(Object.keys(claims).sort(), [
      'aud',
      'error',
      'error_description',
      'exp',
      'iss',
      'state',
    ])
  }
})

test('FMS-6 a client that must, or whose realm must, asks for a JWT: everything else is refused, in a JWT', async () => {
  const own = { parapetClientConfig: { require_signed_authorization_response: true } }
  const off = { parapetClientConfig: { require_signed_authorization_response: false } }
  const realm = { parapetConfig: { requireSignedAuthorizationResponse: true } }
  const realmOff = { parapetConfig: { requireSignedAuthorizationResponse: false } }
  for (const [set, unset] of [
    [() => amend(w, client_id, own), () => amend(w, client_id, off)],
    [() => amendRealm(w, realm), () => amendRealm(w, realmOff)],
  ] as const) {
    await set()
    for (const response_mode of [undefined, 'query', 'fragment', 'form_post']) {
      const asked = pushForm({ ...usual, response_mode })
      refusedWith(
        await postAs(w, client_id, '/par', asked),
        'invalid_request',
        'The response_mode must be one of a JWT.',
      )
      const { claims } = await openedAnswer(
        w,
        client_id,
        responseIn(await p.get(authorizeUrl(asked))).response,
      )
      assert.equal(claims.error, 'invalid_request')
    }
    assert.equal(responseIn(await answered(w, p, { response_mode: 'form_post.jwt' })).place, 'form')
    await unset()
  }
  assert.equal(answerOf(await answered(w, p, {})).get('iss'), base)
})

test('JARM-2 without a key the user is told, nothing is sent and nothing spent: with the key it goes on', async () => {
  const pushed = await postAs(w, client_id, '/par', pushForm({ ...usual, response_mode: 'jwt' }))
  const url = slimUrl(String(bodyOf(pushed).request_uri), { client_id })
  await made(w, { authorizationResponseEncryptionAlgorithm: 'RSA-OAEP-256', jwkSet: '{"keys":[]}' })
  for (const b of [p, browser(w)]) {
    const shown = await b.get(`${url}${b === p ? '' : '&prompt=none'}`)
    if (b === p) {
      assert.deepEqual([shown.status, shown.headers.location], [400, undefined])
      assert.match(String(shown.body), /unauthorized_client/)
    }
  }
  await made(w, { authorizationResponseEncryptionAlgorithm: '' })
  const { claims } = await openedAnswer(w, client_id, responseIn(await p.get(url)).response)
  const form = { grant_type: 'authorization_code', code: String(claims.code), redirect_uri }
  const redeemed = await w.serve(
    requestOf('POST', `${base}/access_token`, {
      form: { ...form, code_verifier: verifier },
      headers: { authorization: basic(client_id, secret) },
    }),
  )
  assert.equal(redeemed.status, 200, String(redeemed.body))
})

test('C-11 the realm offers what its list has: a client that wants another algorithm is told so on a page', async () => {
  const list = 'supportedAuthorizationResponseSigningAlgorithms'
  await amendRealm(w, { advancedOIDCConfig: { [list]: ['ES256'] } })
  const shown = await answered(w, p, { response_mode: 'jwt' })
  assert.equal(shown.status, 400)
  assert.match(String(shown.body), /unauthorized_client/)
  await made(w, { authorizationResponseSigningAlgorithm: 'ES256' })
  const { response } = responseIn(await answered(w, p, { response_mode: 'jwt' }))
  assert.equal((await openedAnswer(w, client_id, response)).header.alg, 'ES256')
  await amendRealm(w, { advancedOIDCConfig: { [list]: [...answerSignatures] } })
  await made(w, { authorizationResponseSigningAlgorithm: 'RS256' })
})

test('C-11 in profile fapi2 what a client left as RS256 is signed with ES256', async () => {
  await amend(w, client_id, { parapetClientConfig: { profile: 'fapi2' } })
  const realm = await w.realm()
  const url = authorizeUrl(pushForm({ ...usual, response_mode: 'jwt' }))
  const { claims, header } = await openedAnswer(w, client_id, responseIn(await p.get(url)).response)
  assert.deepEqual([header.alg, claims.error, realm.issuer], ['ES256', 'invalid_request', base])
  await amend(w, client_id, { parapetClientConfig: { profile: '' } })
})

test('C-2c the link of a page about a spent or late request_uri is a JWT where the answer would have been', async () => {
  const linkOf = (shown: HttpResponse): URL => {
    const link = elements(String(shown.body), 'a').find((a) => a.attributes.get('id') === 'back')
    return new URL(link?.attributes.get('href') ?? '')
  }
  for (const [response_mode, place] of [
    ['jwt', 'search'],
    ['form_post.jwt', 'search'],
    ['fragment.jwt', 'hash'],
  ] as const) {
    const b = await person(w)
    const form = pushForm({ ...usual, response_mode, prompt: 'consent' })
    const pushed = await postAs(w, client_id, '/par', form)
    const url = slimUrl(String(bodyOf(pushed).request_uri), { client_id })
    assert.equal((await b.get(url)).status, 200)
    w.clock.now += 1801
    const back = linkOf(await b.get(url))
    assert.ok(back.href.startsWith(redirect_uri))
    const response = new URLSearchParams(back[place].slice(1)).get('response') ?? ''
    const { claims } = await openedAnswer(w, client_id, response)
    assert.deepEqual(
      [claims.error, claims.state, Object.keys(claims).length],
      ['invalid_request_uri', 's~._-', 5],
    )
    await person(w, { at: p })
  }
})

test('FMS-1, FMS-6 response_mode in a signed request object, pushed, and by value at the browser', async () => {
  const key = await signer('ES256')
  await registerReader(w, 'signs', {
    ...implied,
    keys: { jwkSet: JSON.stringify({ keys: [...privateJwks.map(publicJwk), key.jwk] }) },
  })
  for (const response_mode of ['jwt', 'form_post.jwt']) {
    const request = signed(key, objectClaims(w, 'signs', { response_mode, state: 's' }))
    const pushed = await postAs(w, 'signs', '/par', { request })
    const slim = slimUrl(String(bodyOf(pushed).request_uri), { client_id: 'signs' })
    const another = signed(
      key,
      objectClaims(w, 'signs', { response_mode, state: 's', jti: response_mode }),
    )
    const byValue = authorizeUrl({ client_id: 'signs', request: another })
    for (const url of [slim, byValue]) {
      const { place, response } = responseIn(await (await person(w)).get(url))
      assert.equal(place, response_mode === 'jwt' ? 'query' : 'form')
      const { claims } = await openedAnswer(w, 'signs', response)
      assert.deepEqual([claims.state, typeof claims.code], ['s', 'string'])
    }
  }
})

test('C-2 a second click on the same button: the same code, in a JWT again', async () => {
  await register(w, 'asks')
  const b = await person(w)
  const asked = pushForm({ ...usual, client_id: 'asks', response_mode: 'jwt' })
  const pushed = await postAs(w, 'asks', '/par', asked)
  const page = await b.get(slimUrl(String(bodyOf(pushed).request_uri), { client_id: 'asks' }))
  const codes = []
  for (const _ of [1, 2]) {
    const { response } = responseIn(await answerConsent(b, page))
    codes.push((await openedAnswer(w, 'asks', response)).claims.code)
  }
  assert.equal(typeof codes[0], 'string')
  assert.equal(codes[0], codes[1])
})

test('C-39 an algorithm that is not served is kept: what asks for a JWT is refused, the rest is not', async () => {
  const call = await administrator(w)
  const url = '/realm-config/agents/OAuth2Client/kept'
  const kept = { authorizationResponseSigningAlgorithm: 'RS512' }
  const put = await call('PUT', url, {
    coreOAuth2ClientConfig: {
      redirectionUris: [redirect_uri],
      scopes: ['openid'],
      userpassword: secret,
    },
    signEncOAuth2ClientConfig: kept,
  })
  const path = 'signEncOAuth2ClientConfig.authorizationResponseSigningAlgorithm'
  assert.deepEqual(bodyOf(put).parapet, { unserved: [path] })
  const ask = (changes: Changes): Promise<HttpResponse> =>
    postAs(w, 'kept', '/par', pushForm({ ...usual, client_id: 'kept', ...changes }))
  assert.equal((await ask({})).status, 201)
  refusedWith(await ask({ response_mode: 'jwt' }), 'unauthorized_client')
})

test('R-9, K-12 an authorization response is neither an access token nor an ID token, and no two are alike in place of another client’s', async () => {
  const { response } = responseIn(await answered(w, p, { response_mode: 'jwt' }))
  const bearer = { headers: { authorization: `Bearer ${response}` } }
  const claims = await w.serve(requestOf('GET', `${base}/userinfo`, bearer))
  assert.equal(claims.status, 401)
  const hinted = { ...usual, id_token_hint: response }
  refusedWith(await postAs(w, client_id, '/par', pushForm(hinted)), 'invalid_request')
  await assert.rejects(() => openedAnswer(w, 'asks', response), /aud/)
})
