import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signer } from '../../../test/assertion.ts'
import { authorizeUrl, codeOf, person } from '../../../test/flow.ts'
import { postAs, redirect_uri } from '../../../test/register.ts'
import {
  objectClaims,
  pushObject,
  registerSigner,
  signed,
  storedOf,
} from '../../../test/request-object.ts'
import { challenge, world } from '../../../test/world.ts'

const w = await world()
const es256 = await signer('ES256')
const most = Number.MAX_SAFE_INTEGER
await registerSigner(w, 'signs', [es256], { advanced: { isConsentImplied: true } })

const good = {
  response_type: 'code',
  redirect_uri,
  scope: 'write',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** As a client writes it, and as the record has it. */
const ages: readonly (readonly [number, number])[] = [
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 32, 2 ** 32],
  [99_999_999_999, 99_999_999_999],
  [2 ** 63, most],
  [1e21, most],
]

for (const [sent, kept] of ages) {
  test(`OIDC Core §3.1.2.1 max_age has no bound: ${sent} as a field, in an object, unpushed, registered`, async () => {
    const max_age = BigInt(sent).toString()
    const form = await storedOf(w, await postAs(w, 'signs', '/par', { ...good, max_age }))
    assert.equal(form.max_age, kept)
    for (const value of [sent, max_age]) {
      const request = signed(es256, objectClaims(w, 'signs', { max_age: value }))
      assert.equal((await storedOf(w, await pushObject(w, 'signs', request))).max_age, kept)
    }
    const url = authorizeUrl({ client_id: 'signs', ...good, max_age })
    assert.ok(codeOf(await (await person(w)).get(url)))
    const openid = { defaultMaxAge: sent, defaultMaxAgeEnabled: true }
    await registerSigner(w, 'by default', [es256], { openid })
    const byDefault = await storedOf(w, await postAs(w, 'by default', '/par', good))
    assert.equal(byDefault.max_age, kept)
  })
}
