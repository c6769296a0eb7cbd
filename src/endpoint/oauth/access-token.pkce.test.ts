import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import type { Changes } from '../../../test/flow.ts'
import {
  authorizeUrl,
  codeFor,
  codeOf,
  person,
  redeem,
  refusedWith,
  tokenRequest,
} from '../../../test/flow.ts'
import {
  base,
  basic,
  callback,
  challenge,
  pushForm,
  requestOf,
  verifier,
  world,
} from '../../../test/world.ts'

const w = await world()
const p = await person(w)
const invalid = 'The provided access grant is invalid, expired, or revoked.'
const noPkce = { code_challenge: undefined, code_challenge_method: undefined }

/** Verifiers that are not the one of the challenge. */
const wrong: readonly (readonly [string, Changes])[] = [
  ['absent', { code_verifier: undefined }],
  ['empty', { code_verifier: '' }],
  ['in the wrong case', { code_verifier: verifier.toUpperCase() }],
  ['somebody else’s', { code_verifier: 'a'.repeat(43) }],
  ['of 42 characters', { code_verifier: verifier.slice(1) }],
  ['of 129 characters', { code_verifier: 'a'.repeat(129) }],
  ['out of the alphabet', { code_verifier: `${verifier.slice(1)}+` }],
  ['the challenge itself', { code_verifier: challenge }],
  ['with a space behind', { code_verifier: `${verifier} ` }],
]
for (const [name, changes] of wrong) {
  test(`K-1, K-3, PKCE-9 a verifier ${name}: invalid_grant, and the right one still works`, async () => {
    const code = await codeFor(w, {}, p)
    refusedWith(await redeem(w, code, changes), 'invalid_grant', invalid)
    assert.equal((await redeem(w, code)).status, 200)
  })
}

test('K-3, PKCE-1 a verifier outside the grammar is refused even where its hash fits', async () => {
  for (const short of [
    'a'.repeat(42),
    'a'.repeat(129),
    `${'a'.repeat(42)}+`,
    `${'a'.repeat(42)}ä`,
  ]) {
    const code_challenge = createHash('sha256').update(short).digest('base64url')
    const code = await codeFor(w, { code_challenge }, p)
    refusedWith(await redeem(w, code, { code_verifier: short }), 'invalid_grant', invalid)
  }
})

test('K-1 a verifier sent twice: invalid_request', async () => {
  const code = await codeFor(w, {}, p)
  const form = `grant_type=authorization_code&code=${code}&redirect_uri=${callback}&code_verifier=${verifier}&code_verifier=${verifier}`
  const http = requestOf('POST', `${base}/access_token`, {
    headers: { authorization: basic() },
    form,
  })
  refusedWith(await w.serve(http), 'invalid_request')
})

test('K-2, BCP-5 a verifier without a challenge in the request: invalid_grant', async () => {
  const open = await world({ alpha: { advancedOAuth2Config: { codeVerifierEnforced: 'false' } } })
  const code = await codeFor(open, noPkce)
  refusedWith(await redeem(open, code), 'invalid_grant', invalid)
  assert.equal((await redeem(open, code, { code_verifier: undefined })).status, 200)
  const bound = await codeFor(open)
  refusedWith(await redeem(open, bound, { code_verifier: undefined }), 'invalid_grant', invalid)
})

test('K-2 plain is compared as plain, S256 as S256, each only where it was asked for', async () => {
  await amend(w, 'myPublicClient', { parapetClientConfig: { plainChallenge: true } })
  const who = { client_id: 'myPublicClient' }
  for (const [method, sent, ok] of [
    ['plain', challenge, true],
    ['plain', verifier, false],
    ['S256', verifier, true],
    ['S256', challenge, false],
  ] as const) {
    const form = pushForm({ code_challenge_method: method })
    const code = codeOf(await p.get(authorizeUrl({ ...who, ...form })))
    const asked = { grant_type: 'authorization_code', redirect_uri: callback, code_verifier: sent }
    const response = await tokenRequest(w, { ...asked, code, ...who }, {})
    assert.equal(response.status, ok ? 200 : 400, `${method} ${sent}`)
  }
})

test('K-3 the third wrong verifier of the right client kills the code', async () => {
  const code = await codeFor(w, {}, p)
  for (let i = 0; i < 3; i++)
    refusedWith(await redeem(w, code, { code_verifier: 'b'.repeat(43) }), 'invalid_grant')
  refusedWith(await redeem(w, code), 'invalid_grant', invalid)
})

test('K-3 wrong tries of others, or without a client, kill nothing', async () => {
  const code = await codeFor(w, {}, p)
  const asked = { grant_type: 'authorization_code', code, redirect_uri: callback }
  for (let i = 0; i < 4; i++) {
    const other = { ...asked, client_id: 'myPublicClient', code_verifier: 'b'.repeat(43) }
    refusedWith(await tokenRequest(w, other, {}), 'invalid_grant')
  }
  assert.equal((await redeem(w, code)).status, 200)
})
