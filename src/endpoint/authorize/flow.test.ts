import assert from 'node:assert/strict'
import test from 'node:test'
import { actionOf, browser, fieldsOf, locationOf } from '../../../test/browser.ts'
import {
  base,
  basic,
  bodyOf,
  callback,
  origin,
  pushed,
  requestOf,
  verifier,
  world,
} from '../../../test/world.ts'

test('PingAM: the browser path: push, login page, consent page, code, tokens', async () => {
  const w = await world()
  const b = browser(w)
  const request_uri = await pushed(w, {
    scope: 'openid profile write',
    state: 'abc123',
    nonce: 'n1',
  }).catch(async (e) => {
    throw e
  })
  const first = await b.get(`${base}/authorize?client_id=myClient&request_uri=${request_uri}`)
  assert.equal(first.status, 302)
  const toLogin = locationOf(first)
  assert.equal(toLogin.pathname, '/am/XUI/')
  assert.equal(toLogin.searchParams.get('realm'), '/alpha')
  const page = await b.get(toLogin.href)
  assert.equal(page.status, 200)
  const back = await b.post(actionOf(page), {
    ...fieldsOf(page),
    IDToken1: 'demo',
    IDToken2: 'Ch4ng31t',
  })
  assert.equal(back.status, 303, String(back.body))
  const consent = await b.get(locationOf(back).href)
  assert.equal(consent.status, 200)
  assert.match(String(consent.body), /id="approve"/)
  const done = await b.post(actionOf(consent), { ...fieldsOf(consent), decision: 'allow' })
  assert.equal(done.status, 302, String(done.body))
  const answer = locationOf(done)
  assert.equal(answer.origin + answer.pathname, 'https://www.example.com/callback')
  assert.deepEqual([...answer.searchParams.keys()], ['code', 'iss', 'state', 'client_id'])
  const tokens = await w.serve(
    requestOf('POST', `${base}/access_token`, {
      headers: { authorization: basic() },
      form: {
        grant_type: 'authorization_code',
        code: answer.searchParams.get('code') as string,
        redirect_uri: callback,
        code_verifier: verifier,
      },
    }),
  )
  assert.equal(tokens.status, 200, String(tokens.body))
  assert.deepEqual(Object.keys(bodyOf(tokens)), [
    'access_token',
    'refresh_token',
    'scope',
    'id_token',
    'token_type',
    'expires_in',
  ])
  const info = await w.serve(
    requestOf('GET', `${base}/userinfo`, {
      headers: { authorization: `Bearer ${bodyOf(tokens).access_token}` },
    }),
  )
  assert.equal(bodyOf(info).sub, w.demo.sub)
  assert.ok(origin)
})
