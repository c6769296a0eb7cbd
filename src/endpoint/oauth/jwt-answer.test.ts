import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { amend, amendRealm } from '../../../test/amend.ts'
import {
  decrypted,
  made,
  openedAnswer,
  privateJwks,
  registerReader,
  usual,
} from '../../../test/answer-jwt.ts'
import type { Changes } from '../../../test/flow.ts'
import { answerOf, authorizeUrl, person, refusedWith, withToken } from '../../../test/flow.ts'
import { post, postAs, redirect_uri, secret } from '../../../test/register.ts'
import { trials } from '../../../test/scale.ts'
import { base, basic, bodyOf, pushForm, requestOf, verifier, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { publicJwk } from '../../jose/jwk.ts'
import {
  answerSignatures,
  contentEncryptions,
  keyManagements,
} from '../../protocol/value/algorithm.ts'

const w = await world()
const client_id = 'reader'
await registerReader(w, client_id, { advanced: { isConsentImplied: true } })
const p = await person(w)

/** The whole way: code and tokens of that client. */
async function tokens(changes: Changes = {}): Promise<HttpResponse> {
  const done = await p.get(authorizeUrl(pushForm({ ...usual, ...changes })))
  const code = answerOf(done).get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
  return w.serve(
    requestOf('POST', `${base}/access_token`, {
      form,
      headers: { authorization: basic(client_id, secret) },
    }),
  )
}
const { access_token } = bodyOf(await tokens())

function look(accept?: string, token: unknown = access_token): Promise<HttpResponse> {
  const headers = { authorization: basic(client_id, secret), ...(accept && { accept }) }
  return post(w, '/introspect', { token: String(token) }, headers)
}
const rfc9701 = 'application/token-introspection+jwt'

const bySignature = answerSignatures.map((alg) => [alg, undefined] as const)
const byKey = keyManagements.map((alg) => ['ES256', alg] as const)

for (const [signing, alg] of [...bySignature, ...byKey]) {
  const how = alg === undefined ? signing : `${signing} in ${alg}`
  const encs = alg === undefined ? [undefined] : contentEncryptions

  test(`OIDC-29 userinfo ${how}: application/jwt with iss and aud, signed first`, async () => {
    const plain = bodyOf(await withToken(w, '/userinfo', access_token))
    for (const enc of encs) {
      await made(w, {
        userinfoResponseFormat: alg === undefined ? 'SIGNED_JWT' : 'SIGNED_THEN_ENCRYPTED_JWT',
        userinfoSignedResponseAlg: signing,
        ...(alg && { userinfoEncryptedResponseAlg: alg }),
        ...(enc && { userinfoEncryptedResponseEncryptionAlgorithm: enc }),
      })
      const info = await withToken(w, '/userinfo', access_token)
      assert.equal(info.headers['content-type'], 'application/jwt')
      assert.equal(info.headers['cache-control'], 'no-store')
      const { claims, header, jwe } = await openedAnswer(w, client_id, String(info.body))
      assert.deepEqual(claims, { ...plain, iss: base, aud: client_id })
      assert.deepEqual([header.alg, jwe?.alg, jwe?.enc], [signing, alg, enc])
    }
    await made(w, { userinfoResponseFormat: 'JSON' })
  })

  test(`FMS-7 introspection ${how}: one claim, with iss, aud, iat and no other`, async () => {
    const { expires_in: _, ...plain } = bodyOf(await look())
    for (const enc of encs) {
      await made(w, {
        tokenIntrospectionResponseFormat: alg === undefined ? 'JSON' : 'SIGNED_THEN_ENCRYPTED_JWT',
        tokenIntrospectionSignedResponseAlg: signing,
        ...(alg && { tokenIntrospectionEncryptedResponseAlg: alg }),
        ...(enc && { tokenIntrospectionEncryptedResponseEncryptionAlgorithm: enc }),
      })
      const known = await look(rfc9701)
      assert.equal(known.headers['content-type'], rfc9701)
      const { claims, header, jwe } = await openedAnswer(w, client_id, String(known.body))
      const { token_introspection, ...rest } = claims
      assert.deepEqual(rest, { iss: base, aud: client_id, iat: w.clock.now })
      assert.partialDeepStrictEqual(token_introspection, plain)
      assert.deepEqual(
        [header.alg, header.typ, jwe?.alg, jwe?.enc],
        [signing, 'token-introspection+jwt', alg, enc],
      )
      const gone = await openedAnswer(w, client_id, String((await look(rfc9701, 'x')).body))
      assert.deepEqual(gone.claims.token_introspection, { active: false })
    }
    await made(w, { tokenIntrospectionResponseFormat: 'JSON' })
  })
}

for (const alg of keyManagements) {
  test(`OIDC Core §2 ID tokens encrypted with ${alg}: what is signed and nothing else, at both endpoints`, async () => {
    for (const enc of contentEncryptions) {
      await made(w, {
        idTokenEncryptionEnabled: true,
        idTokenEncryptionAlgorithm: alg,
        idTokenEncryptionMethod: enc,
      })
      const front = await p.get(authorizeUrl(pushForm({ ...usual, response_type: 'id_token' })))
      const back = bodyOf(await tokens())
      for (const token of [answerOf(front).get('id_token'), back.id_token]) {
        const { claims, jwe } = await openedAnswer(w, client_id, String(token))
        assert.deepEqual([claims.sub, claims.nonce], [w.demo.sub, 'n'])
        assert.deepEqual([jwe?.alg, jwe?.enc, jwe?.cty], [alg, enc, 'JWT'])
      }
    }
    await made(w, { idTokenEncryptionEnabled: false })
  })
}

test('OIDC-29 userinfo that is only encrypted: the claims themselves within', async () => {
  await made(w, {
    userinfoResponseFormat: 'ENCRYPTED_JWT',
    userinfoEncryptedResponseAlg: 'ECDH-ES',
  })
  const info = await withToken(w, '/userinfo', access_token)
  const { text } = await decrypted(String(info.body))
  await made(w, { userinfoResponseFormat: 'JSON' })
  assert.deepEqual(JSON.parse(text), bodyOf(await withToken(w, '/userinfo', access_token)))
})

test('PingAM: an ID token is encrypted to the key that was registered for that, as PEM', async () => {
  const [pair] = privateJwks
  assert.ok(pair !== undefined)
  const { kid: _, ...jwk } = publicJwk(pair)
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  await made(w, {
    idTokenEncryptionEnabled: true,
    idTokenPublicEncryptionKey: String(pem),
    idTokenEncryptionAlgorithm: 'RSA-OAEP-256',
    jwkSet: '',
  })
  const { id_token } = bodyOf(await tokens())
  const { text, jwe } = await decrypted(String(id_token), pair)
  assert.deepEqual([text.split('.').length, jwe?.kid], [3, undefined])
  await made(w, { idTokenEncryptionEnabled: false, idTokenPublicEncryptionKey: '' })
})

test('OIDC Core §10.2 without a key for the ID token the code is not spent: with one it is redeemed', async () => {
  const idTokenEncryptionAlgorithm = 'RSA-OAEP-256'
  await made(w, {
    jwkSet: '{"keys":[]}',
    idTokenEncryptionEnabled: true,
    idTokenEncryptionAlgorithm,
  })
  const done = await p.get(authorizeUrl(pushForm(usual)))
  const form = {
    grant_type: 'authorization_code',
    ...{ code: answerOf(done).get('code') ?? '', redirect_uri, code_verifier: verifier },
  }
  const redeem = (): Promise<HttpResponse> => postAs(w, client_id, '/access_token', form)
  refusedWith(await redeem(), 'unauthorized_client')
  await made(w, { idTokenEncryptionEnabled: false })
  assert.equal((await redeem()).status, 200)
  await made(w, { jwkSet: JSON.stringify({ keys: privateJwks.map(publicJwk) }) })
})

/** What is asked for, what the client has registered, and what comes. */
const accepted: readonly (readonly [
  accept: string | undefined,
  format: string,
  claim: boolean,
  type: string,
])[] = [
  [undefined, 'JSON', true, 'application/json;charset=UTF-8'],
  ['*/*', 'JSON', true, 'application/json;charset=UTF-8'],
  ['application/json', 'JSON', true, 'application/json;charset=UTF-8'],
  [rfc9701, 'JSON', true, rfc9701],
  [`application/json;q=0.5, ${rfc9701.toUpperCase()};q=1`, 'JSON', false, rfc9701],
  [`${rfc9701};q=0, */*`, 'JSON', true, 'application/json;charset=UTF-8'],
  [`${rfc9701}x`, 'JSON', true, 'application/json;charset=UTF-8'],
  ['application/jwt', 'JSON', true, rfc9701],
  ['application/jwt', 'JSON', false, 'application/jwt'],
  [undefined, 'SIGNED_JWT', true, rfc9701],
  ['application/json', 'SIGNED_JWT', false, 'application/jwt'],
]
for (const [accept, format, claim, type] of accepted) {
  test(`RFC 9701 §4 Accept ${accept ?? 'absent'}, format ${format}${claim ? '' : ', no claim of its own'}: ${type}`, async () => {
    await made(w, {
      tokenIntrospectionResponseFormat: format,
      tokenIntrospectionSignedResponseAlg: 'ES256',
    })
    await amendRealm(w, { advancedOAuth2Config: { useTokenIntrospectionClaimForJWT: claim } })
    const known = await look(accept)
    assert.deepEqual([known.status, known.headers['content-type']], [200, type])
    if (type === 'application/jwt') {
      const { claims, header } = await openedAnswer(w, client_id, String(known.body))
      assert.deepEqual([claims.active, claims.sub, header.typ], [true, w.demo.sub, 'JWT'])
    }
    await made(w, { tokenIntrospectionResponseFormat: 'JSON' })
    await amendRealm(w, { advancedOAuth2Config: { useTokenIntrospectionClaimForJWT: true } })
  })
}

test('RFC 9701 §4, §8.1 whatever Accept holds, the answer is JSON or the JWT, and never an error', async () => {
  const part = fc.constantFrom(
    rfc9701,
    'application/jwt',
    '*/*',
    'q=0',
    'q=0.000',
    'q=1',
    '"',
    '',
    ' ',
  )
  const ranges = fc.array(fc.array(part, { maxLength: 3 }).map((parts) => parts.join(';')))
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        ranges.map((all) => all.join(', ')),
        fc.string(),
      ),
      async (accept) => {
        const known = await look(accept === '' ? undefined : accept)
        assert.equal(known.status, 200)
        const jwt = known.headers['content-type'] === rfc9701
        assert.equal(String(known.body).startsWith('{'), !jwt)
        assert.ok(!jwt || /jwt/i.test(accept))
      },
    ),
    { numRuns: trials(2000) },
  )
})

test('K-12, RFC 9701 §8.1 none of these answers is a token: neither at userinfo nor as a hint', async () => {
  await made(w, {
    userinfoResponseFormat: 'SIGNED_JWT',
    tokenIntrospectionResponseFormat: 'SIGNED_JWT',
  })
  await amend(w, client_id, {
    overrideOAuth2ClientConfig: {
      providerOverridesEnabled: true,
      useTokenIntrospectionClaimForJWT: false,
    },
  })
  const told = [await look(rfc9701), await look(), await withToken(w, '/userinfo', access_token)]
  for (const { body } of told) {
    assert.equal((await withToken(w, '/userinfo', body)).status, 401)
    const hinted = await postAs(
      w,
      client_id,
      '/par',
      pushForm({ ...usual, id_token_hint: String(body) }),
    )
    refusedWith(hinted, 'invalid_request')
    const { claims } = await openedAnswer(w, client_id, String((await look(rfc9701, body)).body))
    assert.deepEqual(claims.token_introspection, { active: false })
  }
})
