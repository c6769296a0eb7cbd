import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Signer } from '../../../test/assertion.ts'
import { assertion, goodClaims, proof, signer } from '../../../test/assertion.ts'
import { refusedWith } from '../../../test/flow.ts'
import { post } from '../../../test/register.ts'
import type { Claims } from '../../../test/request-object.ts'
import { objectClaims, registerSigner, signed } from '../../../test/request-object.ts'
import { base, bodyOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const [es256, ps256, ed25519, rs256] = (await Promise.all(
  (['ES256', 'PS256', 'EdDSA', 'RS256'] as const).map((alg) => signer(alg)),
)) as [Signer, Signer, Signer, Signer]
const signers = [es256, ps256, ed25519, rs256]
for (const profile of ['strict', 'fapi2'] as const) {
  await registerSigner(w, profile, signers, {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: { tokenEndpointAuthSigningAlgorithm: 'ES256' },
    own: { profile },
  })
}

type Profile = 'strict' | 'fapi2'

/** As the conformance suite pushes: the object, the assertion, and no client_id beside them. */
function push(profile: Profile, request: string): Promise<HttpResponse> {
  const claims = goodClaims(profile, base, w.clock.now)
  return post(w, '/par', { ...proof(assertion(es256, claims)), request })
}

const now = w.clock.now

function object(profile: Profile, changes: Claims = {}, by = es256, header: Claims = {}): string {
  const claims = objectClaims(w, profile, {
    aud: base,
    iat: now,
    jti: `${Math.random()}`,
    ...changes,
  })
  return signed(by, claims, { typ: 'oauth-authz-req+jwt', ...header })
}

interface Case {
  readonly check: string
  readonly changes?: Claims
  readonly by?: Signer
  readonly header?: Claims
  /** What becomes of it in each profile: undefined where it is accepted. */
  readonly strict?: string
  readonly fapi2?: string
}

const invalid = { strict: 'invalid_request_object', fapi2: 'invalid_request_object' } as const
const onlyFapi2 = { fapi2: 'invalid_request_object' } as const
const plainError = { strict: 'invalid_request', fapi2: 'invalid_request' } as const

const cases: readonly Case[] = [
  { check: 'FMS-1 a good one' },
  { check: 'FMS-5 any case of typ', header: { typ: 'OAUTH-authz-req+JWT' } },
  {
    check: 'FMS-2 an array of audiences with the issuer',
    changes: { aud: ['https://x.example', base] },
  },
  { check: 'FMS-2, C-1b no aud', changes: { aud: undefined }, ...invalid },
  { check: 'C-1b aud is the URL of /par', changes: { aud: `${base}/par` }, ...invalid },
  { check: 'C-1b aud is the token URL', changes: { aud: `${base}/access_token` }, ...invalid },
  { check: 'FMS-2 a foreign aud', changes: { aud: 'https://x.example' }, ...invalid },
  { check: 'FMS-4 no exp', changes: { exp: undefined }, ...onlyFapi2 },
  { check: 'FMS-3 no nbf', changes: { nbf: undefined }, ...onlyFapi2 },
  { check: 'FMS-4 exp 60 minutes after nbf', changes: { exp: now + 3600 } },
  { check: 'FMS-4 exp 70 minutes after nbf', changes: { exp: now + 4200 }, ...onlyFapi2 },
  { check: 'FMS-3 nbf an hour old', changes: { nbf: now - 3500, exp: now + 60 } },
  { check: 'FMS-3 nbf 70 minutes old', changes: { nbf: now - 4200, exp: now + 60 }, ...onlyFapi2 },
  { check: 'FMS-4 expired', changes: { exp: now - 300, nbf: now - 600 }, ...invalid },
  { check: 'F2-14 nbf and iat 8 seconds ahead', changes: { nbf: now + 8, iat: now + 8 } },
  { check: 'F2-14 nbf 62 seconds ahead', changes: { nbf: now + 62 }, ...invalid },
  { check: 'F2-30 PS256', by: ps256 },
  { check: 'F2-30 EdDSA', by: ed25519 },
  { check: 'F2-30, C-11 RS256', by: rs256, ...onlyFapi2 },
  { check: 'J-2 alg none', header: { alg: 'none' }, ...invalid },
  { check: 'PAR-7 request_uri inside', changes: { request_uri: 'urn:x' }, ...invalid },
  { check: 'PAR-23 another client', changes: { client_id: 'other' }, ...invalid },
  { check: 'F2-18 no PKCE', changes: { code_challenge: undefined }, ...plainError },
  { check: 'F2-18 plain PKCE', changes: { code_challenge_method: 'plain' }, ...plainError },
  {
    check: 'F2-19 no redirect_uri',
    changes: { redirect_uri: undefined },
    fapi2: 'invalid_request',
  },
  {
    check: 'C-4 an unregistered redirect_uri',
    changes: { redirect_uri: 'https://evil.example' },
    ...plainError,
  },
  {
    check: 'F2-16 response_type token',
    changes: { response_type: 'token' },
    fapi2: 'unsupported_response_type',
  },
]

for (const profile of ['strict', 'fapi2'] as const) {
  for (const { check, changes, by, header, ...errors } of cases) {
    const error = errors[profile]
    test(`${check}, in ${profile}: ${error ?? 'accepted'}`, async () => {
      const response = await push(profile, object(profile, changes, by, header))
      if (error === undefined) assert.equal(response.status, 201, String(response.body))
      else refusedWith(response, error)
    })
  }
}

test('F2-9, C-1b an assertion is no object and an object no assertion', async () => {
  const request = object('fapi2')
  const both = { ...proof(request), request }
  assert.equal(bodyOf(await post(w, '/par', both)).error, 'invalid_client')
  const claims = { ...goodClaims('fapi2', base, now), client_id: 'fapi2', nbf: now }
  const response = await push('fapi2', assertion(es256, claims))
  refusedWith(response, 'invalid_request_object', 'Invalid request object: sub is the client')
})
