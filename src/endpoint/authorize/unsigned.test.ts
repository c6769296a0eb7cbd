import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amendRealm } from '../../../test/amend.ts'
import { signer } from '../../../test/assertion.ts'
import { answerOf, authorizeUrl, person, refusedWith } from '../../../test/flow.ts'
import type { Apart } from '../../../test/register.ts'
import { redirect_uri } from '../../../test/register.ts'
import { objectClaims, registerSigner } from '../../../test/request-object.ts'
import { encode } from '../../../test/token.ts'
import { world } from '../../../test/world.ts'

const w = await world()
const es256 = await signer('ES256')
const json = { accept: 'application/json' }

/** What a client says of signatures, and what an unsigned object of it is called by value. */
const clients: readonly (readonly [string, Apart, string])[] = [
  ['says nothing', {}, 'request_not_supported'],
  [
    'registered an algorithm',
    { keys: { requestParameterSignedAlg: 'ES256' } },
    'invalid_request_object',
  ],
  [
    'may send signed ones only',
    { own: { require_signed_request_object: true } },
    'invalid_request_object',
  ],
]

async function refusedAs(client_id: string, error: string): Promise<void> {
  const p = await person(w)
  const request = `${encode({ alg: 'none' })}.${encode(objectClaims(w, client_id))}.`
  const beside = { client_id, redirect_uri, state: 's', request }
  const told = answerOf(await p.get(authorizeUrl(beside)))
  assert.deepEqual([told.get('error'), told.get('state')], [error, 's'])
  refusedWith(
    await p.get(authorizeUrl({ client_id, request }), json),
    error,
    'The request object must be signed.',
  )
}

for (const [client_id, apart, error] of clients) {
  test(`FAPI 1.0 Advanced §5.2.2, OIDC Core §3.1.2.6 an unsigned object of a client that ${client_id}: ${error}`, async () => {
    await registerSigner(w, client_id, [es256], apart)
    await refusedAs(client_id, error)
  })
}

test('RFC 9101 §10.5 an unsigned object where the realm takes signed ones only: invalid_request_object', async () => {
  await registerSigner(w, 'any', [es256])
  await amendRealm(w, { parapetConfig: { requireSignedRequestObject: true } })
  await refusedAs('any', 'invalid_request_object')
})
