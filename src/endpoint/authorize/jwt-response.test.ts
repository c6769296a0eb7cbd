import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answered,
  made,
  openedAnswer,
  registerReader,
  responseIn,
  usual,
} from '../../../test/answer-jwt.ts'
import { browser } from '../../../test/browser.ts'
import { authorizeUrl, person, refusedWith } from '../../../test/flow.ts'
import { postAs } from '../../../test/register.ts'
import { base, pushForm, world } from '../../../test/world.ts'
import { responseTypes } from '../../protocol/response-type.ts'
import {
  answerSignatures,
  contentEncryptions,
  keyManagements,
} from '../../protocol/value/algorithm.ts'

const w = await world()
const client_id = 'reader'
const implied = { advanced: { isConsentImplied: true } }
await registerReader(w, client_id, implied)
const p = await person(w)

const openid = (name: string): boolean => name !== 'token'
const namesOf: Readonly<Record<string, string>> = {
  code: 'code client_id',
  none: 'client_id',
  token: 'access_token client_id expires_in scope token_type',
  id_token: 'id_token',
  'token id_token': 'access_token expires_in id_token scope token_type',
  'code id_token': 'code id_token',
  'code token': 'access_token client_id code expires_in scope token_type',
  'code token id_token': 'access_token code expires_in id_token scope token_type',
}

for (const { name, default_mode } of responseTypes) {
  for (const [response_mode, place] of [
    ['jwt', default_mode],
    ['fragment.jwt', 'fragment'],
    ['form_post.jwt', 'form'],
    ...(default_mode === 'query' ? [['query.jwt', 'query'] as const] : []),
  ] as const) {
    test(`JARM-1, JARM-4, JARM-5 ${name} in ${response_mode}: one JWT in the ${place} of all that is answered`, async () => {
      const scope = openid(name) ? 'openid' : 'write'
      const answer = responseIn(await answered(w, p, { response_type: name, response_mode, scope }))
      assert.equal(answer.place, place)
      const { claims, header, jwe } = await openedAnswer(w, client_id, answer.response)
      assert.deepEqual([header.alg, header.typ, jwe], ['RS256', 'JWT', undefined])
      const { iss, aud, exp, state, ...rest } = claims
      assert.deepEqual([iss, aud, exp, state], [base, client_id, w.clock.now + 300, 's~._-'])
      assert.deepEqual(
        Object.keys(rest).sort().join(' '),
        namesOf[name]?.split(' ').sort().join(' '),
      )
      if ('expires_in' in rest) assert.equal(rest.expires_in, 3600, 'a number stays one')
    })
  }
}

for (const alg of answerSignatures) {
  for (const kind of ['an answer', 'an error']) {
    test(`JARM-7 ${kind} signed with ${alg}, as the client registered`, async () => {
      await made(w, { authorizationResponseSigningAlgorithm: alg })
      const error = kind === 'an error'
      const asked = { response_mode: 'jwt', ...(error ? { prompt: 'none' } : {}) }
      const answer = await answered(w, error ? browser(w) : p, asked)
      const { claims, header } = await openedAnswer(w, client_id, responseIn(answer).response)
      assert.equal(header.alg, alg)
      assert.equal(claims.error, error ? 'interaction_required' : undefined)
      await made(w, { authorizationResponseSigningAlgorithm: 'RS256' })
    })
  }
}

for (const alg of keyManagements) {
  test(`JARM-2 encrypted with ${alg}, with every content encryption: a JWS within`, async () => {
    for (const enc of contentEncryptions) {
      await made(w, {
        authorizationResponseEncryptionAlgorithm: alg,
        authorizationResponseEncryptionMethod: enc,
      })
      for (const [asked, by, error] of [
        [{ response_mode: 'jwt' }, p, undefined],
        [{ response_mode: 'jwt', prompt: 'none' }, browser(w), 'interaction_required'],
      ] as const) {
        const { response } = responseIn(await answered(w, by, asked))
        const { claims, jwe } = await openedAnswer(w, client_id, response)
        assert.equal(claims.error, error)
        assert.deepEqual([jwe?.alg, jwe?.enc, jwe?.cty], [alg, enc, 'JWT'])
      }
    }
    await made(w, { authorizationResponseEncryptionAlgorithm: '' })
  })
}

test('JARM-8 an encryption that names no content encryption has A128CBC-HS256', async () => {
  await made(w, {
    authorizationResponseEncryptionAlgorithm: 'ECDH-ES',
    authorizationResponseEncryptionMethod: '',
  })
  const { response } = responseIn(await answered(w, p, { response_mode: 'jwt' }))
  assert.equal((await openedAnswer(w, client_id, response)).jwe?.enc, 'A128CBC-HS256')
  await made(w, { authorizationResponseEncryptionAlgorithm: '' })
})

for (const { name, default_mode } of responseTypes.filter((t) => t.default_mode === 'fragment')) {
  test(`JARM-3 ${name} in query.jwt: only encrypted; else refused, in a JWT in the ${default_mode}`, async () => {
    const asked = {
      ...usual,
      response_type: name,
      response_mode: 'query.jwt',
      scope: openid(name) ? 'openid' : 'write',
    }
    refusedWith(await postAs(w, client_id, '/par', pushForm(asked)), 'invalid_request')
    const refused = responseIn(await p.get(authorizeUrl(pushForm(asked))))
    assert.equal(refused.place, 'fragment')
    const { claims } = await openedAnswer(w, client_id, refused.response)
    assert.deepEqual(
      [claims.error, claims.error_description, claims.state],
      ['invalid_request', 'Invalid parameter response_mode', 's~._-'],
    )
    await made(w, { authorizationResponseEncryptionAlgorithm: 'ECDH-ES+A256KW' })
    const { place, response } = responseIn(await answered(w, p, asked))
    assert.equal(place, 'query')
    assert.ok((await openedAnswer(w, client_id, response)).jwe !== undefined)
    await made(w, { authorizationResponseEncryptionAlgorithm: '' })
  })
}
