import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { actionOf, browser, fieldsOf, locationOf } from '../../test/browser.ts'
import { answerConsent, codeOf, logInAndReturn, redeem, refresh, slimUrl } from '../../test/flow.ts'
import { recordedWorld, stepsOf } from '../../test/history.ts'
import { post, redirect_uri, register, secret } from '../../test/register.ts'
import { basic, bodyOf, pushed } from '../../test/world.ts'

const w = await recordedWorld()
after(() => w.recorder.stop())

test('a push that nobody opened is told as one step, and as expired once it is over', async () => {
  const request_uri = await pushed(w)
  const told = await w.explain({ token: request_uri })
  assert.equal(stepsOf(told), 'pushed')
  assert.deepEqual([told?.state, told?.client_id, told?.complete], ['pushed', 'myClient', true])
  w.clock.now += 601
  assert.equal((await w.explain({ token: request_uri }))?.state, 'expired')
})

test('the whole way is told, by every reference to it: request_uri, code, tokens, their ids', async () => {
  const request_uri = await pushed(w, { scope: 'openid write' })
  const b = browser(w)
  const detour = await b.get(slimUrl(request_uri))
  const consent = await logInAndReturn(b, detour)
  const code = codeOf(await answerConsent(b, consent))
  const tokens = bodyOf(await redeem(w, code))
  const again = bodyOf(await refresh(w, tokens.refresh_token))
  await post(w, '/token/revoke', { token: String(again.refresh_token) }, { authorization: basic() })
  const way =
    'pushed opened login_shown logged_in held consent_shown consent_given code redeemed refreshed ended'
  for (const token of [request_uri, code, tokens.refresh_token, tokens.access_token]) {
    const told = await w.explain({ token: String(token) })
    assert.equal(stepsOf(told), way)
    assert.deepEqual([told?.state, told?.complete, told?.stopped], ['ended', true, undefined])
  }
})

test('a login that fails is told with its journey, and the node at which it stopped', async () => {
  const request_uri = await pushed(w, { scope: 'openid' })
  const b = browser(w)
  const page = await b.get(locationOf(await b.get(slimUrl(request_uri))).href)
  const wrong = { ...fieldsOf(page), IDToken1: 'demo', IDToken2: 'wrong' }
  assert.equal((await b.post(actionOf(page), wrong)).status, 401)
  const told = await w.explain({ token: request_uri })
  const failed = told?.steps.filter(({ step }) => step === 'login_failed')
  assert.deepEqual(
    failed?.map(({ journey, node }) => [journey, node]),
    [['Login', 'Data Store Decision']],
  )
})

test('C-31 what would have been refused is told as a step, with its rule, and stops nothing', async () => {
  await register(w, 'watched', {
    own: {
      codeVerifierEnforced: 'true',
      observedRequirements: ['require_challenge', 'auth_methods'],
    },
  })
  const form = { response_type: 'code', redirect_uri, scope: 'write' }
  const headers = { authorization: basic('watched', secret), 'x-request-id': 'let-through' }
  assert.equal((await post(w, '/par', form, headers)).status, 201)
  const told = await w.explain({ request: 'let-through' })
  assert.deepEqual(
    [told?.state, told?.stopped, stepsOf(told)],
    ['pushed', undefined, 'pushed would_refuse would_refuse'],
  )
  assert.deepEqual(
    told?.steps.slice(1).map(({ why, section }) => [why, section]),
    [
      ['client-method-other', 'OIDC Core §9'],
      ['code-challenge-missing', 'RFC 7636 §4.4.1'],
    ],
  )
})
