import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertion, goodClaims, keySet, proof, signer } from '../../../test/assertion.ts'
import { actionOf, fieldsOf, locationOf } from '../../../test/browser.ts'
import { postProof, proofKey, withProof } from '../../../test/dpop.ts'
import { answerOf, authorizeUrl, claimsOf, isConsentPage, person } from '../../../test/flow.ts'
import type { ParameterName } from '../../../test/parameter-values.ts'
import { goodValue } from '../../../test/parameter-values.ts'
import { post, redirect_uri, register } from '../../../test/register.ts'
import { base, bodyOf, challenge, requestOf, verifier, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { authorizationRequest } from '../../protocol/authorization-request.ts'
import { profiles } from '../../protocol/profile.ts'

const w = await world()
const es256 = await signer('ES256')
/** Tokens are tied to it: in `fapi2` they have to be. */
const tied = await proofKey()
const elsewhere = 'https://rp.example/other'

for (const name of Object.keys(profiles)) {
  await register(w, name, {
    core: { redirectionUris: [redirect_uri, elsewhere] },
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: {
      publicKeyLocation: 'jwks',
      jwkSet: keySet(es256),
      tokenEndpointAuthSigningAlgorithm: 'ES256',
    },
    own: { profile: name },
  })
}

/** What an attacker would rather have than what was pushed: another good value of each, and these. */
const rather: Partial<Record<ParameterName, string>> = {
  response_type: 'token',
  redirect_uri: elsewhere,
  scope: 'openid profile write',
  max_age: '0',
  login_hint: 'somebody',
  ui_locales: 'de',
  response_mode: 'fragment',
}

/** `prompt` may ask for more (C-6), `request` cannot stand there (JAR-5). */
const notWanted = ['prompt', 'request', 'request_uri']

const wanted: Readonly<Record<string, string>> = Object.fromEntries(
  (Object.keys(authorizationRequest) as ParameterName[])
    .filter((name) => !notWanted.includes(name))
    .map((name) => [name, rather[name] ?? goodValue(name)]),
)

async function asClient(client_id: string, path: string, form: Record<string, string>) {
  const claims = goodClaims(client_id, (await w.realm()).issuer, w.clock.now)
  const sent = { ...form, ...proof(assertion(es256, claims)) }
  const response = await post(w, path, sent, { dpop: postProof(w, tied, path) })
  assert.ok(response.status < 300, String(response.body))
  return bodyOf(response)
}

/** Pushes, and gives what the browser is sent on with. */
async function reference(client_id: string): Promise<Record<string, string>> {
  const { request_uri } = await asClient(client_id, '/par', {
    response_type: 'code',
    redirect_uri,
    scope: 'openid write',
    state: 'pushed',
    nonce: 'pushed',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  return { client_id, request_uri: String(request_uri) }
}

function userinfo(token: unknown): Promise<HttpResponse> {
  const headers = withProof(w, tied, { path: '/userinfo', token })
  return w.serve(requestOf('GET', `${base}/userinfo`, { headers }))
}

/** The whole way with something beside the reference, in the URL and in the consent form, and all that came of it. */
async function outcome(client_id: string, beside: Readonly<Record<string, string>>) {
  const p = await person(w)
  const own = await reference(client_id)
  const page = await p.get(authorizeUrl({ ...own, ...beside }))
  assert.ok(isConsentPage(page), `${page.status} ${String(page.headers.location)}`)
  const form = { ...beside, save_consent: '', ...own, ...fieldsOf(page), decision: 'allow' }
  const done = await p.post(actionOf(page), form)
  const answer = Object.fromEntries(answerOf(done))
  const tokens = await asClient(client_id, '/access_token', {
    grant_type: 'authorization_code',
    code: String(answer.code),
    redirect_uri,
    code_verifier: verifier,
  })
  const id = claimsOf(tokens.id_token)
  const { origin, pathname, hash } = locationOf(done)
  return {
    answered: [origin + pathname, hash, Object.keys(answer), answer.state],
    tokens: [Object.keys(tokens), tokens.scope],
    id: [Object.keys(id), id.nonce, id.acr, id.aud, id.auth_time],
    info: bodyOf(await userinfo(tokens.access_token)),
    asked: isConsentPage(await p.get(authorizeUrl(await reference(client_id)))),
  }
}

for (const name of Object.keys(profiles)) {
  test(`P-14, C-6 nothing beside a request_uri changes what was pushed, in ${name}`, async () => {
    const plain = await outcome(name, {})
    assert.equal(plain.asked, true)
    for (const [parameter, value] of Object.entries(wanted)) {
      assert.deepEqual(await outcome(name, { [parameter]: value }), plain, parameter)
    }
    assert.deepEqual(await outcome(name, wanted), plain, 'all at once')
  })

  test(`P-14, JAR-5 a request object beside a request_uri is refused, and the reference is still good, in ${name}`, async () => {
    const p = await person(w)
    const own = await reference(name)
    assert.equal((await p.get(authorizeUrl({ ...own, request: 'a.b.c' }))).status, 400)
    assert.ok(isConsentPage(await p.get(authorizeUrl(own))))
  })

  test(`P-14, C-6b a decision decides in a POST alone, in ${name}`, async () => {
    const p = await person(w)
    const own = await reference(name)
    const decision = { csrf: p.session.token, decision: 'allow', save_consent: 'on' }
    assert.ok(isConsentPage(await p.get(authorizeUrl({ ...own, ...decision }))))
    const undecided = await p.post(`${base}/authorize`, {
      ...own,
      ...wanted,
      csrf: '',
      decision: '',
    })
    assert.ok(isConsentPage(undecided))
  })
}
