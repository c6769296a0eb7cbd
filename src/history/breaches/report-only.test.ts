import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { errorOf } from '../../../test/breaches.ts'
import { countedWorld } from '../../../test/counted.ts'
import { postProof, proofKey } from '../../../test/dpop.ts'
import {
  answerConsent,
  authorizeUrl,
  codeOf,
  isConsentPage,
  person,
  slimUrl,
} from '../../../test/flow.ts'
import { post, redirect_uri, register, secret } from '../../../test/register.ts'
import { base, basic, bodyOf, challenge, requestOf, verifier } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await countedWorld()
after(() => w.counter.stop())

const key = await proofKey()
const request = {
  ...{ response_type: 'code', redirect_uri, scope: 'write' },
  ...{ code_challenge: challenge, code_challenge_method: 'S256' },
}
const headers = { authorization: basic('shop', secret) }

/** The shop as it is registered at first, watched, and held to it. */
const stages = {
  watched: {
    advanced: { require_pushed_authorization_requests: false },
    own: { observedRequirements: ['require_pushed', 'required_binding'] },
  },
  enforced: {
    advanced: { require_pushed_authorization_requests: true },
    own: { dpopBoundAccessTokens: true },
  },
}

async function direct(): Promise<HttpResponse> {
  const p = await person(w)
  const page = await p.get(authorizeUrl({ ...request, client_id: 'shop' }))
  return isConsentPage(page) ? answerConsent(p, page) : page
}

function redeemed(code: string, more: Readonly<Record<string, string>> = {}) {
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  return post(w, '/access_token', form, { ...headers, ...more })
}

test('C-31 a client is watched, whom it would break is listed, and then it is enforced', async () => {
  await register(w, 'shop', stages.watched)
  const tokens = await redeemed(codeOf(await direct()))
  assert.equal(tokens.status, 200, String(tokens.body))
  const listed = await w.listed('shop')
  assert.deepEqual(
    listed.map(({ requirement, why, endpoint, watched }) => [requirement, why, endpoint, watched]),
    [
      ['require_pushed', 'push-required', '/authorize', true],
      ['required_binding', 'proof-required', '/access_token', true],
    ],
  )

  // What the client does as it should adds nothing.
  const pushed = bodyOf(await post(w, '/par', request, headers))
  const p = await person(w)
  const url = slimUrl(String(pushed.request_uri), { client_id: 'shop' })
  const page = await p.get(url)
  const dpop = postProof(w, key, '/access_token')
  const tied = await redeemed(codeOf(await answerConsent(p, page)), { dpop })
  assert.equal(bodyOf(tied).token_type, 'DPoP')
  assert.deepEqual(await w.listed('shop'), listed)

  await register(w, 'shop', stages.enforced)
  assert.equal(errorOf(await direct()), 'invalid_request')
  const again = bodyOf(await post(w, '/par', request, headers))
  const q = await person(w)
  const consent = await q.get(slimUrl(String(again.request_uri), { client_id: 'shop' }))
  const untied = await redeemed(codeOf(await answerConsent(q, consent)))
  assert.equal(bodyOf(untied).error_description, 'A DPoP proof is required')
  const since = await w.listed('shop')
  assert.deepEqual(
    since.map(({ count, watched }) => [count, watched]),
    listed.map(({ count }) => [count, false]),
  )
})

test('C-31 what was pushed while it was watched is validated once more by what is enforced when it is opened', async () => {
  const own = { codeVerifierEnforced: 'true', observedRequirements: ['require_challenge'] }
  const { code_challenge: _, code_challenge_method: __, ...without } = request
  const push = async (form: Readonly<Record<string, string>>): Promise<string> =>
    String(bodyOf(await post(w, '/par', form, headers)).request_uri)
  const visit = async (request_uri: string) =>
    (await person(w)).get(slimUrl(request_uri, { client_id: 'shop' }))
  await register(w, 'shop', { own })
  const [before, later] = [await push(without), await push(without)]
  const complete = await push(request)
  assert.equal(errorOf(await visit(await push(without))), undefined)
  await register(w, 'shop', { own: { ...own, observedRequirements: [] } })
  const refused = await visit(before)
  assert.equal(errorOf(refused), 'invalid_request')
  assert.match(String(refused.headers.location), /code_challenge/)
  assert.equal(errorOf(await visit(complete)), undefined)
  await register(w, 'shop', { own })
  assert.equal(errorOf(await visit(later)), undefined)
})

test('C-31 no request is judged by half a change: each breaks both rules, and is refused or let through for both', async () => {
  const names = ['require_challenge', 'require_signed_response', 'auth_methods']
  const own = {
    profile: 'fapi2',
    codeVerifierEnforced: '',
    require_signed_authorization_response: true,
  }
  const form = { response_type: 'code', redirect_uri, scope: 'write' }
  const authorization = basic('both', secret)
  const seen = new Set<string>()
  const change = (watched: boolean) =>
    register(w, 'both', { own: { ...own, observedRequirements: watched ? names : [] } })
  await change(true)
  for (let i = 0; i < 60; i++) {
    const calls = Array.from({ length: 4 }, () =>
      requestOf('POST', `${base}/par`, { form, headers: { authorization } }),
    )
    const changing = change(i % 2 === 1)
    await Promise.all([...calls.map((http) => w.serve(http)), changing])
    for (const { trace } of calls)
      seen.add(JSON.stringify([trace.refusal?.why, trace.breaches?.map(({ why }) => why)]))
  }
  assert.deepEqual([...seen].sort(), [
    JSON.stringify(['client-method-other', undefined]),
    JSON.stringify([
      undefined,
      ['client-method-other', 'jwt-response-required', 'code-challenge-missing'],
    ]),
  ])
})
