import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  answerConsent,
  answerOf,
  authorizeUrl,
  claimsOf,
  decideByRest,
  isConsentPage,
  person,
  redeem,
  slimUrl,
} from '../../../test/flow.ts'
import { register } from '../../../test/register.ts'
import { base, bodyOf, callback, pushed, pushForm, world } from '../../../test/world.ts'

const w = await world()
const issuer = encodeURIComponent(base)
const openid = { scope: 'openid', nonce: 'n-0S6_WzA2Mj', state: 'abc123' }

/** Names in the order of the response; the ancestor adds `client_id` only where no ID token goes along. */
const responses: readonly (readonly [string, Changes, '?' | '#', string])[] = [
  ['code', { state: 'abc123' }, '?', 'code iss state client_id'],
  ['none', { state: 'abc123' }, '?', 'iss state client_id'],
  [
    'token',
    { state: 'abc123' },
    '#',
    'access_token scope iss state token_type expires_in client_id',
  ],
  ['id_token', openid, '#', 'id_token iss state'],
  ['token id_token', openid, '#', 'access_token id_token scope iss state token_type expires_in'],
  ['code id_token', openid, '#', 'code id_token iss state'],
  ['code token', openid, '#', 'code access_token scope iss state token_type expires_in client_id'],
  [
    'code token id_token',
    openid,
    '#',
    'code access_token id_token scope iss state token_type expires_in',
  ],
]

for (const [response_type, changes, mark, names] of responses) {
  test(`RM-5, ISS-1 response_type=${response_type}: what it promises, in AM's order`, async () => {
    const request_uri = await pushed(w, { response_type, ...changes })
    const done = await decideByRest(await person(w), request_uri)
    const location = String(done.headers.location)
    assert.ok(location.startsWith(callback + mark), location)
    assert.equal(location.includes(mark === '?' ? '#' : '?'), false)
    const answer = answerOf(done)
    assert.deepEqual([...answer.keys()].join(' '), names)
    assert.equal(answer.get('iss'), base)
    assert.equal(answer.get('state'), 'abc123')
    if (answer.has('access_token')) {
      assert.equal(answer.get('token_type'), 'Bearer')
      assert.equal(answer.get('expires_in'), '3600')
    }
    if (answer.has('id_token')) assert.equal(claimsOf(answer.get('id_token')).iss, base, 'ISS-4')
  })

  test(`RM-3 response_type=${response_type}: words in another order are the same`, async () => {
    const turned = response_type.split(' ').reverse().join(' ')
    const url = authorizeUrl({
      client_id: 'myPublicClient',
      ...pushForm({ response_type: turned, ...changes }),
    })
    const answer = answerOf(await (await person(w)).get(url))
    const plain = names.split(' ').filter((name) => name !== 'client_id')
    assert.deepEqual(
      [...answer.keys()].filter((name) => name !== 'client_id'),
      plain,
    )
  })

  test(`RM-6, RM-8 response_type=${response_type}: form_post carries the same`, async () => {
    const request_uri = await pushed(w, { response_type, response_mode: 'form_post', ...changes })
    const page = await decideByRest(await person(w), request_uri)
    assert.equal(page.status, 200)
    assert.equal(actionOf(page), callback)
    assert.match(String(page.body), /<form id="form_post" method="post"/)
    assert.deepEqual(Object.keys(fieldsOf(page)).join(' '), names)
    assert.equal(page.headers['cache-control'], 'no-store', 'RM-7')
    const policy = String(page.headers['content-security-policy'])
    assert.match(policy, /script-src 'sha256-[\w+/=]+'/)
    assert.match(policy, /form-action 'self' https:(;|$)/)
    assert.doesNotMatch(policy, /unsafe/)
  })
}

test('OIDC-26 hybrid: the code works, and both ID tokens agree', async () => {
  const request_uri = await pushed(w, { response_type: 'code id_token', ...openid })
  const answer = answerOf(await decideByRest(await person(w), request_uri))
  const front = claimsOf(answer.get('id_token'))
  const tokens = bodyOf(await redeem(w, answer.get('code') ?? ''))
  const back = claimsOf(tokens.id_token)
  for (const name of ['iss', 'sub', 'aud', 'nonce', 'auth_time', 'c_hash', 's_hash', 'sid'])
    assert.deepEqual(front[name], back[name], name)
})

const codeMode: Changes = { state: 's~._-' }
const tokenMode: Changes = { response_type: 'token', ...codeMode }
const formMode: Changes = { response_mode: 'form_post', ...codeMode }

/** Refusals that reach the client, with AM's words, in each mode. */
const refusals: readonly (readonly [string, Changes, string, string])[] = [
  ['denied', {}, 'access_denied', 'Resource Owner did not authorize the request'],
  [
    'prompt=none, not logged in',
    { prompt: 'none' },
    'interaction_required',
    'The request requires some interaction that is not allowed.',
  ],
  [
    'prompt=none, no consent',
    { prompt: 'none' },
    'consent_required',
    'The request requires consent.',
  ],
]

for (const [mode, changes] of Object.entries({ query: codeMode, fragment: tokenMode, formMode })) {
  for (const [name, more, error, text] of refusals) {
    test(`RM-3, R-9, 3.5 ${name}: ${error} in the client's own mode, ${mode}`, async () => {
      const request_uri = await pushed(w, { ...changes, ...more })
      const p = await person(w)
      const refused = name.endsWith('logged in')
        ? await browser(w).get(slimUrl(request_uri))
        : error === 'access_denied'
          ? await decideByRest(p, request_uri, { decision: 'deny' })
          : await p.get(slimUrl(request_uri))
      if (mode === 'formMode') {
        const fields = { error_description: text, state: 's~._-', error, iss: base }
        assert.deepEqual([refused.status, fieldsOf(refused)], [200, fields])
        return
      }
      const mark = mode === 'query' ? '?' : '#'
      const words = encodeURIComponent(text)
      assert.equal(
        refused.headers.location,
        `${callback}${mark}error_description=${words}&state=s~._-&error=${error}&iss=${issuer}`,
      )
    })
  }
}

test('OIDC-27 a bad request of a hybrid type is refused in the fragment', async () => {
  const form = pushForm({ response_type: 'code id_token', scope: 'openid', state: 's' })
  const refused = await browser(w).get(authorizeUrl({ client_id: 'myClient', ...form }))
  assert.match(String(refused.headers.location), /^[^?]*#error_description=/)
  assert.equal(answerOf(refused).get('error'), 'invalid_request')
  assert.equal(
    answerOf(refused).get('error_description'),
    'Missing required parameter nonce from request',
  )
})

/** What cannot be answered as it asks, what it is called, and the mode it is told in. */
const unanswerable: readonly (readonly [Changes, string, '?' | '#'])[] = [
  ...['pi.flow', 'constructor', 'a\0b'].map(
    (response_mode) => [{ response_mode }, 'Invalid parameter response_mode', '?'] as const,
  ),
  [{ response_type: 'code\0' }, 'Invalid parameter response_type', '?'],
  [{ response_type: 'token', response_mode: 'query' }, 'Invalid parameter response_mode', '#'],
  [{ response_type: 'token', response_mode: 'x' }, 'Invalid parameter response_mode', '#'],
]
for (const [changes, text, mode] of unanswerable) {
  const asked = Object.entries(changes).map((pair) => pair.join('='))
  test(`OIDC-20, RM-2, RFC 6749 §4.1.2.1 ${JSON.stringify(asked)} is told to the client, in a mode it has`, async () => {
    const form = { client_id: 'myClient', ...pushForm({ state: 's', ...changes }) }
    const told = await browser(w).get(authorizeUrl(form))
    assert.equal(told.status, 302, String(told.body))
    assert.ok(String(told.headers.location).startsWith(`${callback}${mode}`))
    const answer = answerOf(told)
    assert.deepEqual(
      [answer.get('error'), answer.get('error_description'), answer.get('state')],
      ['invalid_request', text, 's'],
    )
    const elsewhere = { ...form, redirect_uri: 'https://evil.example/' }
    const shown = await browser(w).get(authorizeUrl(elsewhere))
    assert.deepEqual([shown.status, shown.headers.location], [400, undefined])
  })
}

test('C-22 outside ping the redirect holds no client_id', async () => {
  const strict = await world({ alpha: { parapetConfig: { profile: 'strict' } } })
  const p = await person(strict)
  const page = await p.get(slimUrl(await pushed(strict, { state: 's' })))
  assert.ok(isConsentPage(page))
  const done = await answerConsent(p, page)
  assert.deepEqual([...answerOf(done).keys()], ['code', 'iss', 'state'])
  assert.doesNotMatch(JSON.stringify(done.headers), /OAUTH_REQUEST/)
})

test('OA-12 state comes back byte for byte, however long and whatever it holds', async () => {
  const odd = '-._~%20+%2B &=?#/"<>ä€𝄞\\'
  for (const state of [odd, 'x'.repeat(1000), `${'ab-._~'.repeat(30)}`]) {
    const p = await person(w)
    const query = await decideByRest(p, await pushed(w, { state }))
    assert.equal(answerOf(query).get('state'), state)
    const form = await decideByRest(p, await pushed(w, { state, response_mode: 'form_post' }))
    assert.equal(fieldsOf(form).state, state)
  }
})

test('OA-7 a registered query is kept, and the answer stands behind it', async () => {
  const redirect_uri = 'https://rp.example/cb?dummy1=lorem&dummy2=ipsum'
  await register(w, 'rp', {
    core: { redirectionUris: [redirect_uri] },
    advanced: { isConsentImplied: true },
  })
  const form = pushForm({ redirect_uri, state: 's' })
  const done = await (await person(w)).get(authorizeUrl({ client_id: 'rp', ...form }))
  assert.match(
    String(done.headers.location),
    /^https:\/\/rp\.example\/cb\?dummy1=lorem&dummy2=ipsum&code=/,
  )
  assert.equal(locationOf(done).searchParams.get('dummy2'), 'ipsum')
})
