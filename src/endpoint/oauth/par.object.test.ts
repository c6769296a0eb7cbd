import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend, amendRealm } from '../../../test/amend.ts'
import { assertion, goodClaims, proof, signer } from '../../../test/assertion.ts'
import { answerOf, person, refusedWith, slimUrl } from '../../../test/flow.ts'
import { issue } from '../../../test/pki.ts'
import type { Apart } from '../../../test/register.ts'
import { post, postAs, redirect_uri, register } from '../../../test/register.ts'
import type { Claims } from '../../../test/request-object.ts'
import {
  objectClaims,
  pushObject,
  pushSymmetric,
  refusedObject,
  registerSigner,
  registerSymmetric,
  secretSigner,
  signed,
  storedOf,
} from '../../../test/request-object.ts'
import { base, bodyOf, challenge, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'
import type { JwsAlg } from '../../jose/algorithm.ts'
import type { PairAlg } from '../../jose/generate.ts'
import { importSigningKey } from '../../jose/jwk.ts'

const w = await world()
const es256 = await signer('ES256')
const implied: Apart = { advanced: { isConsentImplied: true } }
await registerSigner(w, 'signs', [es256], implied)

test('PingAM: oauth2-par-endpoint the example of its page is accepted: no iss, no aud, six minutes', async () => {
  const claims = {
    client_id: 'signs',
    nbf: w.clock.now,
    redirect_uri,
    scope: 'write',
    exp: w.clock.now + 360,
    response_type: 'code',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const response = await pushObject(w, 'signs', signed(es256, claims))
  const request = await storedOf(w, response)
  assert.equal(request.code_challenge, challenge)
  assert.equal(request.signed_by, es256.key.verifying.thumbprint)
  assert.deepEqual(Object.keys(bodyOf(response)), ['request_uri', 'expires_in'])
})

test('FMS-1 what was signed and pushed is what the user is asked and the client gets', async () => {
  const claims = objectClaims(w, 'signs', { state: 'inside' })
  const { request_uri } = bodyOf(await pushObject(w, 'signs', signed(es256, claims)))
  const p = await person(w)
  const url = slimUrl(String(request_uri), { client_id: 'signs', state: 'outside' })
  const answer = answerOf(await p.get(url))
  assert.equal(answer.get('state'), 'inside')
  assert.ok(answer.get('code'))
})

for (const alg of [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as readonly PairAlg[]) {
  test(`C-11, JAR-12, OIDC-37 an object signed by ${alg}, registered or left open`, async () => {
    const own = await signer(alg)
    for (const requestParameterSignedAlg of [alg, '']) {
      const id = `alg ${alg} ${requestParameterSignedAlg}`
      await registerSigner(w, id, [own], { keys: { requestParameterSignedAlg } })
      await storedOf(w, await pushObject(w, id, signed(own, objectClaims(w, id))))
    }
    await registerSigner(w, 'other alg', [own], {
      keys: { requestParameterSignedAlg: alg === 'ES384' ? 'ES256' : 'ES384' },
    })
    const wrong = signed(own, objectClaims(w, 'other alg'))
    refusedObject(await pushObject(w, 'other alg', wrong), 'the alg is not allowed')
  })
}

test('C-11 EdDSA and Ed25519 are one algorithm, by whichever name it is registered', async () => {
  const own = await signer('EdDSA')
  for (const [registered, named] of [
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ] as const) {
    const { alg: _, ...jwk } = own.jwk
    await registerSigner(w, 'ed', [{ ...own, jwk }], {
      keys: { requestParameterSignedAlg: registered },
    })
    await storedOf(w, await pushObject(w, 'ed', signed(own, objectClaims(w, 'ed'), { alg: named })))
  }
})

for (const alg of ['HS256', 'HS384', 'HS512'] as readonly JwsAlg[]) {
  test(`C-27 an object signed by ${alg} with the client secret, where that is kept as a key`, async () => {
    const object = (id: string) => signed(secretSigner(alg), objectClaims(w, id))
    await registerSymmetric(w, 'hmac', { requestParameterSignedAlg: alg })
    const response = await pushSymmetric(w, 'hmac', object('hmac'))
    assert.equal((await storedOf(w, response)).signed_by, 'secret')
    await register(w, 'hashed')
    refusedObject(await pushObject(w, 'hashed', object('hashed')), 'no key fits the alg')
  })
}

test('JAR-12 the kid chooses among the client’s own keys, and only there', async () => {
  const second = await signer('ES256')
  const stranger = await signer('ES256')
  await registerSigner(w, 'two keys', [es256, second])
  await registerSigner(w, 'stranger', [stranger])
  for (const key of [es256, second]) {
    await storedOf(w, await pushObject(w, 'two keys', signed(key, objectClaims(w, 'two keys'))))
    const silent = signed(key, objectClaims(w, 'two keys'), { kid: undefined })
    await storedOf(w, await pushObject(w, 'two keys', silent))
  }
  const claims = objectClaims(w, 'two keys')
  const swapped = signed(second, claims, { kid: es256.key.kid })
  refusedObject(await pushObject(w, 'two keys', swapped), 'the signature is wrong')
  const foreign = signed(stranger, claims)
  refusedObject(await pushObject(w, 'two keys', foreign), 'the kid is unknown')
  const unnamed = signed(stranger, claims, { kid: undefined })
  refusedObject(await pushObject(w, 'two keys', unnamed), 'the signature is wrong')
})

test('PingAM: publicKeyLocation x509: the key of the registered certificate, or a bare one', async () => {
  const { pem, publicKey, privateKey } = issue({ years: [2020, 2021] })
  const imported = importSigningKey({
    ...(privateKey.export({ format: 'jwk' }) as JsonObject),
    alg: 'ES256',
  })
  assert.ok(imported.ok)
  const bare = publicKey.export({ type: 'spki', format: 'pem' }) as string
  for (const clientJwtPublicKey of [pem, bare]) {
    await register(w, 'x509', { keys: { publicKeyLocation: 'x509', clientJwtPublicKey } })
    await storedOf(w, await pushObject(w, 'x509', signed(imported, objectClaims(w, 'x509'))))
    const named = signed(imported, objectClaims(w, 'x509'), { kid: 'any-name' })
    await storedOf(w, await pushObject(w, 'x509', named))
    const other = signed(es256, objectClaims(w, 'x509'), { kid: undefined })
    refusedObject(await pushObject(w, 'x509', other), 'the signature is wrong')
  }
})

const beside: readonly (readonly [string, string])[] = [
  ['scope', 'write'],
  ['state', 's'],
  ['nonce', 'n'],
  ['response_type', 'code'],
  ['code_challenge', challenge],
  ['csrf', 'x'],
  ['authorization_details', '[]'],
]
for (const [name, value] of beside) {
  test(`C-5, PAR-22 ${name} beside request: Invalid parameter ${name}`, async () => {
    const object = signed(es256, objectClaims(w, 'signs'))
    const response = await pushObject(w, 'signs', object, { [name]: value })
    refusedWith(response, 'invalid_request', `Invalid parameter ${name}`)
    assert.equal((await pushObject(w, 'signs', object, { [name]: '' })).status, 201)
  })
}

test('C-5, C-20 beside request stand the client’s own fields and names nobody knows', async () => {
  const request = signed(es256, objectClaims(w, 'signs'))
  await storedOf(
    w,
    await pushObject(w, 'signs', request, { client_id: 'signs', x: 'y', display: 'z' }),
  )
  await registerSigner(w, 'by assertion', [es256], {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: { tokenEndpointAuthSigningAlgorithm: 'ES256' },
  })
  const own = signed(es256, objectClaims(w, 'by assertion', { jti: 'one' }))
  const proven = (): Record<string, string> =>
    proof(assertion(es256, goodClaims('by assertion', base, w.clock.now)))
  const slim = { ...proven(), request: own }
  await storedOf(w, await post(w, '/par', slim))
  refusedWith(await post(w, '/par', slim), 'invalid_client')
  const again = { ...proven(), request: own }
  refusedObject(await post(w, '/par', again), 'jti has been used before')
  refusedWith(await post(w, '/par', again), 'invalid_client')
})

test('C-35 a jti is spent by the push that was stored, not by one that was refused', async () => {
  const object = (changes: Claims): string =>
    signed(es256, objectClaims(w, 'signs', { jti: 'once', ...changes }))
  refusedWith(await pushObject(w, 'signs', object({ scope: 'unheard' })), 'invalid_scope')
  await storedOf(w, await pushObject(w, 'signs', object({})))
  const again = [object({}), object({ state: 'other' })]
  for (const each of again) {
    refusedObject(await pushObject(w, 'signs', each), 'jti has been used before')
  }
  await registerSigner(w, 'signs too', [es256])
  const other = signed(es256, objectClaims(w, 'signs too', { jti: 'once' }))
  await storedOf(w, await pushObject(w, 'signs too', other))
})

test('C-35, T-1 of 64 pushes of one object at once one is stored', async () => {
  for (const exp of [w.clock.now + 60, undefined]) {
    const jti = `many ${exp}`
    const object = signed(es256, objectClaims(w, 'signs', { jti, exp }))
    const pushes = Array.from({ length: 64 }, () => pushObject(w, 'signs', object))
    const statuses = (await Promise.all(pushes)).map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 201).length, 1)
    assert.equal(statuses.filter((status) => status === 400).length, 63)
  }
})

test('PingAM: services-configuration exp and nbf: needed, no more apart and no older than set', async () => {
  const own = await world({
    alpha: {
      advancedOAuth2Config: {
        expClaimRequiredInRequestObject: true,
        nbfClaimRequiredInRequestObject: true,
        maxDifferenceBetweenRequestObjectNbfAndExp: 10,
        maxAgeOfRequestObjectNbfClaim: 5,
      },
    },
  })
  await registerSigner(own, 'signs', [es256])
  const at = own.clock.now
  for (const [changes, says] of [
    [{}, undefined],
    [{ nbf: at, exp: at + 600 }, undefined],
    [{ nbf: at, exp: at + 601 }, 'exp is too far from nbf'],
    [{ nbf: at - 330, exp: at + 60 }, undefined],
    [{ nbf: at - 331, exp: at + 60 }, 'nbf is too long ago'],
    [{ exp: undefined }, 'exp is missing'],
    [{ nbf: undefined }, 'nbf is missing'],
  ] as const) {
    const object = signed(es256, objectClaims(own, 'signs', changes))
    const response = await pushObject(own, 'signs', object)
    if (says === undefined) assert.equal(response.status, 201, String(response.body))
    else refusedObject(response, says)
  }
})

test('PAR-18, JAR-18 where signed requests are required, by client or realm, a plain push is refused', async () => {
  const says = "Request must have a 'request' parameter the value of which must be a signed jwt"
  const plain = {
    response_type: 'code',
    redirect_uri,
    scope: 'write',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const own = await world()
  await registerSigner(own, 'signs', [es256], { own: { require_signed_request_object: true } })
  await registerSigner(own, 'free', [es256], implied)
  refusedWith(await postAs(own, 'signs', '/par', plain), 'invalid_request', says)
  const object = signed(es256, objectClaims(own, 'signs'))
  assert.equal((await pushObject(own, 'signs', object)).status, 201)
  const before = await postAs(own, 'free', '/par', plain)
  assert.equal(before.status, 201)
  await amendRealm(own, { parapetConfig: { requireSignedRequestObject: true } })
  refusedWith(await postAs(own, 'free', '/par', plain), 'invalid_request', says)
  const p = await person(own)
  const url = slimUrl(String(bodyOf(before).request_uri), { client_id: 'free' })
  assert.equal(
    answerOf(await p.get(url)).get('error'),
    'invalid_request',
    'P-11 nor is an older one',
  )
  const { response_type, ...rest } = plain
  const unpushed = new URLSearchParams({ client_id: 'free', response_type, ...rest })
  const answer = answerOf(await p.get(`${base}/authorize?${unpushed}`))
  assert.equal(answer.get('error'), 'invalid_request')
})

test('P-11 a key taken out of the registration takes along what it signed', async () => {
  const own = await world()
  const second = await signer('ES256')
  await registerSigner(own, 'signs', [es256, second], implied)
  const p = await person(own)
  const uris: string[] = []
  for (const key of [es256, second]) {
    const response = await pushObject(own, 'signs', signed(key, objectClaims(own, 'signs')))
    uris.push(slimUrl(String(bodyOf(response).request_uri), { client_id: 'signs' }))
  }
  const jwkSet = JSON.stringify({ keys: [second.jwk] })
  await amend(own, 'signs', { signEncOAuth2ClientConfig: { jwkSet } })
  const [gone, good] = [await p.get(uris[0] as string), await p.get(uris[1] as string)]
  assert.equal(answerOf(gone).get('error'), 'invalid_request_object')
  assert.ok(answerOf(good).get('code'))
})
