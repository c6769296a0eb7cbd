import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signer } from '../../../test/assertion.ts'
import type { Changes } from '../../../test/parameter-cases.ts'
import { acceptances, refusals } from '../../../test/parameter-cases.ts'
import { postAs, redirect_uri } from '../../../test/register.ts'
import { pushObject, registerSigner, signed, storedOf } from '../../../test/request-object.ts'
import { bodyOf, challenge, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const key = [await signer('ES256')]
await registerSigner(w, 'one', key)
await registerSigner(w, 'two', key, {
  core: { redirectionUris: [redirect_uri, 'https://rp.example/cb2'] },
})
await registerSigner(w, 'code only', key, { advanced: { responseTypes: ['code'] } })
await registerSigner(w, 'no grants', key, { advanced: { grantTypes: ['refresh_token'] } })
await registerSigner(w, 'defaults', key, { core: { defaultScopes: ['write'] } })

const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** One request by each of the two ways it can be pushed. */
const ways: Readonly<
  Record<string, (client_id: string, changes: Changes) => Promise<HttpResponse>>
> = {
  form: (client_id, changes) => {
    const pairs = Object.entries({ ...good, ...changes })
    const form = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined)
    return postAs(w, client_id, '/par', Object.fromEntries(form))
  },
  'request object': (client_id, changes) => {
    const claims = { client_id, ...good, ...changes }
    return pushObject(w, client_id, signed(key[0] as (typeof key)[0], claims))
  },
}

for (const [way, push] of Object.entries(ways)) {
  for (const { check, changes, error, says, client = 'one' } of refusals) {
    test(`${check}, by ${way}: ${error}`, async () => {
      const response = await push(client, changes)
      assert.equal(response.status, 400)
      assert.deepEqual(bodyOf(response), { error_description: says, error })
      assert.equal(response.headers['content-type'], 'application/json;charset=UTF-8')
      assert.equal(response.headers['cache-control'], 'no-store')
      assert.equal(response.headers.location, undefined)
    })
  }
  for (const { check, changes, holds, client = 'one' } of acceptances) {
    test(`PingAM: oauth2-par-endpoint ${check}, by ${way}: accepted`, async () => {
      const request = (await storedOf(w, await push(client, changes))) as object
      for (const [name, value] of Object.entries(holds)) {
        assert.deepEqual(Reflect.get(request, name), value, name)
      }
    })
  }
}

test('PAR-8 whichever way a request is pushed, the same is stored', async () => {
  for (const { check, changes, client = 'one' } of acceptances) {
    const [byForm, byObject] = await Promise.all(
      Object.values(ways).map(async (push) => storedOf(w, await push(client, changes))),
    )
    const { signed_by, ...rest } = byObject as NonNullable<typeof byObject>
    assert.equal(signed_by, key[0]?.key.verifying.thumbprint)
    assert.deepEqual(rest, byForm, check)
  }
})
