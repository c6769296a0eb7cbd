import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import { signer } from '../../../test/assertion.ts'
import {
  account,
  allowTypes,
  detailsWorld,
  payment,
  removeType,
  saveType,
  types,
} from '../../../test/details.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  answerOf,
  claimsOf,
  codeFor,
  codeOf,
  decideByRest,
  person,
  redeem,
  refresh,
  refusedWith,
  tokenRequest,
  tokensFor,
} from '../../../test/flow.ts'
import { postAs, redirect_uri, register } from '../../../test/register.ts'
import { objectClaims, registerSigner, signed } from '../../../test/request-object.ts'
import {
  base,
  basic,
  bodyOf,
  push,
  pushed,
  pushForm,
  requestOf,
  verifier,
  world,
} from '../../../test/world.ts'

const w = await detailsWorld()
const both = `[${payment} , ${account}]`
const asked = { authorization_details: both }
const one = (text: string): string => `[${text}]`
const code = 'invalid_authorization_details'

function introspect(token: unknown, headers: Record<string, string> = {}) {
  const form = `token=${String(token)}`
  return w.serve(
    requestOf('POST', `${base}/introspect`, {
      headers: { authorization: basic(), ...headers },
      form,
    }),
  )
}

test('RFC 9396 §7, §9.1, §9.2 what was pushed is in token response, JWT and introspection to the byte', async () => {
  const response = await redeem(w, await codeFor(w, asked))
  assert.equal(response.status, 200, String(response.body))
  const text = `"authorization_details":[${payment},${account}]`
  assert.ok(String(response.body).includes(text), String(response.body))
  const { access_token, refresh_token } = bodyOf(response)
  const jwt = Buffer.from(String(access_token).split('.')[1] ?? '', 'base64url').toString()
  assert.ok(jwt.includes(text), jwt)
  assert.ok(String((await introspect(access_token)).body).includes(text))
  assert.ok(String((await introspect(refresh_token)).body).includes(text))
  const signed = await introspect(access_token, { accept: 'application/token-introspection+jwt' })
  assert.deepEqual(
    (claimsOf(signed.body).token_introspection as Record<string, unknown>).authorization_details,
    bodyOf(response).authorization_details,
  )
})

test('RFC 9101 §4 what was signed in a request object is granted to the byte too, as JSON and as text', async () => {
  const es256 = await signer('ES256')
  const own = { authorization_details_types: ['payment', 'https://bank.example/account'] }
  await registerSigner(w, 'signs', [es256], { own })
  for (const details of [both, JSON.stringify(both)]) {
    const claims = JSON.stringify(objectClaims(w, 'signs', { scope: 'openid' }))
    const object = signed(es256, claims.replace('{', `{ "authorization_details" : ${details} ,`))
    const pushed = await postAs(w, 'signs', '/par', { request: object })
    const p = await person(w)
    const request_uri = String(bodyOf(pushed).request_uri)
    const done = await decideByRest(p, request_uri, { client_id: 'signs' })
    const form = { grant_type: 'authorization_code', code: codeOf(done), code_verifier: verifier }
    const response = await postAs(w, 'signs', '/access_token', { ...form, redirect_uri })
    const text = `"authorization_details":[${payment},${account}]`
    assert.ok(String(response.body).includes(text), String(response.body))
  }
  const lost = JSON.stringify(objectClaims(w, 'signs')).replace(
    '{',
    '{"authorization_details":[{"type":"payment","amount":12345678901234567890}],',
  )
  refusedWith(await postAs(w, 'signs', '/par', { request: signed(es256, lost) }), code)
})

test('RFC 9396 §7 a request without details gets an answer without', async () => {
  const tokens = await tokensFor(w)
  assert.equal('authorization_details' in tokens, false)
  assert.equal('authorization_details' in claimsOf(tokens.access_token), false)
  assert.equal('authorization_details' in bodyOf(await introspect(tokens.access_token)), false)
})

test('RFC 9396 §3 details need no scope beside them, and then none is granted', async () => {
  const tokens = await tokensFor(w, { ...asked, scope: undefined })
  assert.equal('scope' in tokens, false)
  const { authorization_details, scope, active } = bodyOf(await introspect(tokens.access_token))
  assert.deepEqual([active, scope], [true, undefined])
  assert.deepEqual(authorization_details, tokens.authorization_details)
})

test('RFC 9396 §7 an access token from the authorization endpoint says what it is for', async () => {
  await register(w, 'implicit', { own: { authorization_details_types: ['payment'] } })
  const p = await person(w)
  const form = {
    client_id: 'implicit',
    redirect_uri: 'https://rp.example/cb',
    response_type: 'token',
    scope: 'write',
    authorization_details: one(payment),
    csrf: p.session.token,
    decision: 'allow',
  }
  const answer = answerOf(await p.post(`${base}/authorize`, form))
  assert.equal(answer.get('authorization_details'), one(payment))
})

test('RFC 9396 §6 a refresh token keeps all of them; a request for less narrows one access token', async () => {
  const tokens = await tokensFor(w, asked)
  const narrow = { authorization_details: one(account) }
  const less = bodyOf(await refresh(w, tokens.refresh_token, narrow))
  assert.deepEqual(less.authorization_details, [JSON.parse(account)])
  assert.deepEqual(claimsOf(less.access_token).authorization_details, [JSON.parse(account)])
  assert.deepEqual(bodyOf(await introspect(less.access_token)).authorization_details, [
    JSON.parse(account),
  ])
  const all = bodyOf(await refresh(w, less.refresh_token))
  assert.deepEqual(all.authorization_details, tokens.authorization_details)
})

test('C-3 a refresh that is asked for again gets the token it got, and another one for other details', async () => {
  const { refresh_token } = await tokensFor(w, asked)
  const narrow = { authorization_details: one(account) }
  const first = bodyOf(await refresh(w, refresh_token, narrow))
  assert.equal(bodyOf(await refresh(w, refresh_token, narrow)).access_token, first.access_token)
  const other = bodyOf(await refresh(w, refresh_token))
  assert.notEqual(other.access_token, first.access_token)
  assert.deepEqual(other.authorization_details, JSON.parse(both))
})

const narrower = account.replace('"list","read"', '"read"')
const narrowings: readonly (readonly [what: string, text: string, allowed: boolean])[] = [
  ['all of them', both, true],
  ['one of them', one(payment), true],
  ['one of them in other words', one(JSON.stringify(JSON.parse(payment))), true],
  ['fewer actions of one', one(narrower), true],
  ['more actions', one(account.replace('"read"', '"read","transfer"')), false],
  ['actions that none of them says', one(account.replace('"list","read"', '')), false],
  ['the same twice', `[${payment},${payment}]`, false],
  ['a narrower one beside the whole', `[${account},${narrower}]`, false],
  ['a smaller amount', one(payment.replace('1.50', '1.00')), false],
  ['a member less', one(account.replace(/,"locations":\[[^\]]*\]/, '')), false],
]
for (const [what, text, allowed] of narrowings) {
  test(`RFC 9396 §6 a code is redeemed for ${what}: ${allowed ? 'granted' : 'refused, and it stays good'}`, async () => {
    const granted = await codeFor(w, asked)
    const response = await redeem(w, granted, { authorization_details: text })
    if (allowed) {
      assert.deepEqual(bodyOf(response).authorization_details, JSON.parse(text))
      return
    }
    refusedWith(response, code)
    assert.equal((await redeem(w, granted)).status, 200)
  })
}

test('RFC 9396 §6 a code without details is redeemed for none', async () => {
  refusedWith(await redeem(w, await codeFor(w), asked), code)
})

test('RFC 9396 §6 a client gets details for itself by the same rules', async () => {
  const form = { grant_type: 'client_credentials', ...asked }
  const { scope, authorization_details, access_token } = bodyOf(await tokenRequest(w, form))
  assert.equal(scope, undefined)
  assert.deepEqual(authorization_details, JSON.parse(both))
  assert.deepEqual(claimsOf(access_token).authorization_details, JSON.parse(both))
  refusedWith(
    await tokenRequest(w, { ...form, authorization_details: '[{"type":"secret"}]' }),
    code,
  )
})

test('RFC 9396 §10 discovery names the types while they are served', async () => {
  const stated = async () =>
    bodyOf(await w.serve(requestOf('GET', `${base}/.well-known/openid-configuration`)))
      .authorization_details_types_supported
  assert.deepEqual(
    await stated(),
    types.map(({ type }) => type),
  )
  await amendRealm(w, { advancedOAuth2Config: { enableRichAuthorizationRequests: false } })
  assert.equal(await stated(), undefined)
  refusedWith(
    await push(w, pushForm(asked)),
    code,
    'No type of authorization_details is supported.',
  )
  await amendRealm(w, { advancedOAuth2Config: { enableRichAuthorizationRequests: true } })
})

test('PingAM: a client’s own word counts while its overrides are on', async () => {
  const overrides = { providerOverridesEnabled: true, enableRichAuthorizationRequests: false }
  await amend(w, 'myClient', { overrideOAuth2ClientConfig: overrides })
  refusedWith(
    await push(w, pushForm(asked)),
    code,
    'No type of authorization_details is supported.',
  )
  const off = { providerOverridesEnabled: false }
  await amend(w, 'myClient', { overrideOAuth2ClientConfig: off })
  assert.equal((await push(w, pushForm(asked))).status, 201)
})

test('C-39 a realm that serves them and has no type refuses them as before', async () => {
  const none = await world()
  await amendRealm(none, { advancedOAuth2Config: { enableRichAuthorizationRequests: true } })
  const refused = await push(none, pushForm(asked))
  refusedWith(refused, code, 'No type of authorization_details is supported.')
})

/** What happens to a push, to a code and to a grant whose type goes. */
const changes: readonly (readonly [
  what: string,
  change: () => Promise<void>,
  undo: () => Promise<void>,
])[] = [
  ['the type is removed', () => removeType(w, 'payment'), () => saveType(w, types[0] ?? {})],
  [
    'the client loses the type',
    () => allowTypes(w, 'myClient', ['https://bank.example/account']),
    () => allowTypes(w, 'myClient', ['payment', 'https://bank.example/account']),
  ],
  [
    'the type wants something else',
    () => saveType(w, { ...types[0], schema: { required: ['iban'] } }),
    () => saveType(w, types[0] ?? {}),
  ],
]
for (const [what, change, undo] of changes) {
  test(`RFC 9126 §4, RFC 7662 §2.2 ${what}: a push is refused, a code and a grant are worth what is left`, async () => {
    const [request_uri, granted] = [await pushed(w, asked), await codeFor(w, asked)]
    const { refresh_token } = await tokensFor(w, asked)
    await change()
    const refused = await decideByRest(await person(w), request_uri)
    assert.equal(answerOf(refused).get('error'), code)
    const left = [JSON.parse(account)]
    assert.deepEqual(bodyOf(await redeem(w, granted)).authorization_details, left)
    assert.deepEqual(bodyOf(await introspect(refresh_token)).authorization_details, left)
    assert.deepEqual(bodyOf(await refresh(w, refresh_token)).authorization_details, left)
    await undo()
  })
}

test('RFC 6749 §3.3 a grant of details alone is over when none of them is left', async () => {
  const alone = { authorization_details: one(payment), scope: undefined }
  const granted = await codeFor(w, alone)
  const { refresh_token } = await tokensFor(w, alone)
  await removeType(w, 'payment')
  refusedWith(await redeem(w, granted), 'invalid_scope')
  refusedWith(await refresh(w, refresh_token), 'invalid_scope')
  assert.deepEqual(bodyOf(await introspect(refresh_token)), { active: false })
  await saveType(w, types[0] ?? {})
})

test('C-21 unpushed details are refused by redirect, and granted after consent', async () => {
  const p = await person(w)
  const by = async (changes: Changes) =>
    p.post(`${base}/authorize`, {
      client_id: 'myClient',
      ...pushForm({ scope: 'openid', ...changes }),
      csrf: p.session.token,
      decision: 'allow',
    })
  assert.equal(
    answerOf(await by({ authorization_details: '[{"type":"none"}]' })).get('error'),
    code,
  )
  const tokens = bodyOf(await redeem(w, codeOf(await by(asked))))
  assert.deepEqual(tokens.authorization_details, JSON.parse(both))
})
