import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Changes } from '../../../test/flow.ts'
import {
  codeFor,
  redeem,
  refresh,
  refusedWith,
  tokenRequest,
  tokensFor,
} from '../../../test/flow.ts'
import { register, secret } from '../../../test/register.ts'
import { base, basic, callback, requestOf, verifier, world } from '../../../test/world.ts'

const w = await world()
await register(w, 'service')
const service = { authorization: basic('service', secret) }
const code = await codeFor(w)
const { refresh_token } = await tokensFor(w)

/** A good token request of each grant, but for what is added to it. */
const grants: readonly (readonly [string, Changes, Readonly<Record<string, string>>])[] = [
  [
    'authorization_code',
    { code, redirect_uri: callback, code_verifier: verifier },
    { authorization: basic() },
  ],
  ['refresh_token', { refresh_token: String(refresh_token) }, { authorization: basic() }],
  ['client_credentials', { scope: 'write' }, service],
]

const unserved: readonly (readonly [string, string, string, string])[] = [
  [
    'resource',
    'https://a.example',
    'invalid_target',
    'The resource is unknown, or not for this client',
  ],
  [
    'authorization_details',
    '[{"type":"x"}]',
    'invalid_authorization_details',
    'No type of authorization_details is supported.',
  ],
]

for (const [grant_type, form, headers] of grants) {
  for (const [name, value, error, text] of unserved) {
    test(`RFC 8707 §2.2, RFC 9396 §6 ${name} beside ${grant_type} is refused, not passed over`, async () => {
      refusedWith(
        await tokenRequest(w, { grant_type, ...form, [name]: value }, headers),
        error,
        text,
      )
    })
  }
}

test('RFC 8707 §2 resource may be sent twice, and is refused for what it is', async () => {
  const form =
    'grant_type=client_credentials&scope=write&resource=https://a.example&resource=https://b.example'
  const twice = requestOf('POST', `${base}/access_token`, { headers: service, form })
  refusedWith(await w.serve(twice), 'invalid_target')
})

test('RFC 6749 §3.1 an empty resource counts as absent, and whoever was refused can ask again', async () => {
  const empty = await tokenRequest(
    w,
    { grant_type: 'client_credentials', scope: 'write', resource: '' },
    service,
  )
  assert.equal(empty.status, 200, String(empty.body))
  assert.equal((await redeem(w, code)).status, 200, 'the code was not spent')
  assert.equal((await refresh(w, refresh_token)).status, 200, 'nor the refresh token')
})
